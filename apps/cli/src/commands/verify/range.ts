import { Command } from 'commander';
import { signRequest } from '#identity';
import { exportedEntries, servedEntries, type EntrySource } from '../../checks/entries.js';
import { checkRange, type RangeReport } from '../../checks/range.js';
import { readSigningKey } from '../../files/key-file.js';
import { openLogFiles, type LogFiles, type Sign } from '../../files/log-files.js';
import { readText } from '../../files/read-input.js';
import { requireTrust, withTrust, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { integer } from '../../options.js';
import { findingWords } from '../../words/findings.js';

interface RangeCommandOptions extends TrustOptions {
  from: number;
  to?: number;
  entries?: string;
  withEntries?: boolean;
  key?: string;
  json?: boolean;
}

/** Checks entries and tiles of a log against its signed checkpoint. */
export function verifyRange(cli: Cli): Command {
  const command = withTrust(new Command('range'))
    .description('check a log (folder or address in the tlog-tiles layout) against its signed checkpoint')
    .argument('<log>', 'folder or http(s) address with checkpoint and tile/…')
    .option('--from <index>', 'first entry', integer(0), 0)
    .option('--to <index>', 'end, excluded; default: the end of the log', integer(1))
    .option('--entries <file>', 'entries to check, one public line a line, the first being --from')
    .option('--with-entries', 'check the entry bundles of the log, tile/entries/…')
    .option(
      '--key <file>',
      'http-signature key with which entry bundles are asked for: an audit server gives them to the owner, its auditors and the monitor',
    )
    .option('--json', 'print as JSON');
  return command.action(async (log: string, options: RangeCommandOptions) => {
    const trust = requireTrust(command, options);
    const files = openLogFiles(log, 'log', signerOf(cli, options.key));
    const { entries, count } = entriesOf(command, files, options);
    const { from, to = count === undefined ? undefined : from + count } = options;
    if (to !== undefined && to <= from) command.error('error: --to is greater than --from');
    const report = await checkRange(files, trust, { from, to, entries });
    if (options.json) printJson(cli, report);
    else printLines(cli, lines(report));
    if (!report.valid) cli.exitCode = 1;
  });
}

function signerOf(cli: Cli, file: string | undefined): Sign | undefined {
  if (file === undefined) return undefined;
  const key = readSigningKey(file);
  return (url) => signRequest({ method: 'GET', url, ...key, now: cli.now() });
}

function entriesOf(
  command: Command,
  files: LogFiles,
  { entries, withEntries, from }: RangeCommandOptions,
): { entries?: EntrySource; count?: number } {
  if (entries !== undefined && withEntries)
    command.error('error: --entries and --with-entries exclude each other');
  if (withEntries) return { entries: servedEntries(files) };
  if (entries === undefined) return {};
  const lines = readText(entries, '--entries').replace(/\n$/, '').split('\n');
  return { entries: exportedEntries(lines, from), count: lines.length };
}

function lines({ valid, origin, size, from, to, tiles, entries, findings }: RangeReport): string[] {
  const log = origin === undefined ? '' : `：日志 ${origin}，共 ${size} 条`;
  const extent = `区间 [${from}, ${to})，哈希瓦片 ${tiles} 个，${entries > 0 ? `条目 ${entries} 条` : '未核验条目'}`;
  return [
    `${valid ? '核验通过' : '核验不通过'}${log}`,
    extent,
    ...findings.map((finding) => `  ${findingWords(finding)}`),
  ];
}
