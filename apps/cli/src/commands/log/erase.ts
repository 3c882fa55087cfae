import { Command } from 'commander';
import { erasePrivateLines } from '#evidence';
import { inDatabase, requireLog } from '../../files/node-database.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment } from '../../options.js';
import { withLog, type LogOptions } from './log-options.js';

interface EraseOptions extends LogOptions {
  before: number;
}

/** Erases private lines whose retention is over; the tree and every receipt stay valid. */
export function logErase(cli: Cli): Command {
  const command = withLog(new Command('erase'))
    .description('erase the private lines of entries written before a moment, for good')
    .requiredOption('--before <moment>', 'a day in China, or a timestamp with zone', moment);
  return command.action(async ({ database, origin, before, json }: EraseOptions) => {
    if (before > cli.now()) command.error('error: --before is in the past');
    const at = new Date(before);
    const erased = await inDatabase(database, async (opened) => {
      await requireLog(opened, origin);
      return erasePrivateLines(opened, origin, at);
    });
    if (json) printJson(cli, { origin, before: at.toISOString(), erased });
    else printLines(cli, [`${origin}: ${erased} private lines before ${at.toISOString()} erased`]);
  });
}
