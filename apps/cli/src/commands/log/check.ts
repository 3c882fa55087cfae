import { Command } from 'commander';
import { verifiersFor } from '#client';
import { checkLog, LogReader, type LogFinding } from '#evidence';
import { inDatabase, requireLog } from '../../files/node-database.js';
import { requireTrust, withTrust, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { findingWords, type Finding } from '../../words/findings.js';
import { withLog, type LogOptions } from './log-options.js';

/** Recomputes a log from its database and tells everything that is not as it was signed. */
export function logCheck(cli: Cli): Command {
  const command = withTrust(withLog(new Command('check'))).description(
    'recompute a log from its database and report everything that is not as it was signed (an older copy is whole in itself: its writer tells)',
  );
  return command.action(async (options: LogOptions & TrustOptions) => {
    const { origin } = options;
    const trust = requireTrust(command, options);
    const { size, findings } = await inDatabase(options.database, async (database) => {
      await requireLog(database, origin);
      const checkpoint = await new LogReader({ database }).checkpoint(origin);
      const verifiers = checkpoint ? verifiersFor(trust, checkpoint.note) : [];
      const found = await checkLog(database, origin, verifiers);
      return { size: checkpoint?.size ?? 0, findings: found.map(finding) };
    });
    const valid = findings.length === 0;
    if (options.json) printJson(cli, { valid, origin, size, findings });
    else printLines(cli, lines(origin, size, findings));
    if (!valid) cli.exitCode = 1;
  });
}

function finding({ what, index, tile }: LogFinding): Finding {
  return {
    what,
    ...(index !== undefined && { index }),
    ...(tile !== undefined && { path: `tile/${tile}` }),
  };
}

function lines(origin: string, size: number, findings: readonly Finding[]): string[] {
  const verdict = findings.length === 0 ? '核验通过' : '核验不通过';
  return [
    `${verdict}：日志 ${origin}，共 ${size} 条`,
    ...findings.map((found) => `  ${findingWords(found)}`),
  ];
}
