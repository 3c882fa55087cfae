import { type Command } from 'commander';
import { relate, type Relation } from '../../checks/two-checkpoints.js';
import { openLogFiles } from '../../files/log-files.js';
import { readText } from '../../files/read-input.js';
import { requireTrust, withTrust, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { findingWords, type Finding } from '../../words/findings.js';

export interface RelationOptions extends TrustOptions {
  tiles?: string;
  json?: boolean;
}

export function withTwoCheckpoints(command: Command): Command {
  return withTrust(command)
    .argument('<A>', 'signed checkpoint')
    .argument('<B>', 'signed checkpoint of the same log')
    .option('--tiles <log>', 'folder or address with the tiles of the newer one')
    .option('--json', 'print as JSON');
}

/** Reads both checkpoints and relates them. @throws Problem `input-unreadable` */
export function relationOf(
  command: Command,
  a: string,
  b: string,
  options: RelationOptions,
): Promise<Relation> {
  const trust = requireTrust(command, options);
  const tiles = options.tiles === undefined ? undefined : openLogFiles(options.tiles, '--tiles');
  return relate(readText(a, 'A'), readText(b, 'B'), trust, tiles);
}

/** Prints what was found out; `holds` decides the exit code. */
export function report(
  cli: Cli,
  { json }: RelationOptions,
  { relation, origin, sizes }: Relation,
  { holds, findings, title }: { holds: boolean; findings: readonly Finding[]; title: string },
): void {
  const log = origin === undefined ? '' : `：日志 ${origin}，${sizes?.join(' 与 ')} 条`;
  if (json) printJson(cli, { valid: holds, relation, origin, sizes, findings });
  else printLines(cli, [`${title}${log}`, ...findings.map((finding) => `  ${findingWords(finding)}`)]);
  if (!holds) cli.exitCode = 1;
}
