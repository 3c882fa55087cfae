import { Command } from 'commander';
import { type Database } from '#database';
import { orderErasure } from '#evidence';
import { inDatabase, requireLog } from '../../files/node-database.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment } from '../../options.js';
import { openStore } from '../../files/store.js';
import { erasedWords, type Erased } from '../../words/erased.js';
import { awaitErasure } from './await-erasure.js';
import { agencyOf, origin as originOf, withLog, type LogOptions } from './log-options.js';
import { unlessRefused } from './refused.js';

interface EraseOptions extends LogOptions {
  before: number;
  store?: string;
  as?: string;
}

/** Erases private lines whose retention is over; the tree and every receipt stay valid. */
export function logErase(cli: Cli): Command {
  const command = withLog(new Command('erase'))
    .description('erase the private lines of entries written before a moment, for good')
    .requiredOption('--before <moment>', 'a day in China, or a timestamp with zone', moment)
    .option(
      '--store <dir>',
      'the node’s directory with its keys: to erase while no process writes the log, which else does it',
    )
    .option(
      '--as <origin>',
      'with --store, where --origin is closed: another log of the same agency, which says so',
      originOf,
    );
  return command.action((options: EraseOptions) => {
    checkUsage(cli, command, options);
    return unlessRefused(cli, () => erase(cli, options));
  });
}

function checkUsage(cli: Cli, command: Command, { before, origin, store, as }: EraseOptions): void {
  if (before > cli.now()) command.error('error: --before is in the past');
  if (as !== undefined && store === undefined) command.error('error: --as belongs to --store');
  if (as !== undefined && agencyOf(as) !== agencyOf(origin))
    command.error('error: --as is another log of the same agency');
}

async function erase(cli: Cli, options: EraseOptions): Promise<void> {
  const { origin, before, store, json } = options;
  const erased = await inDatabase(options.database, async (database) => {
    await requireLog(database, origin);
    return store === undefined ? ordered(database, options) : alone(cli, database, store, options);
  });
  const at = new Date(before).toISOString();
  if (json) printJson(cli, { origin, before: at, ...erased });
  else printLines(cli, [erasedWords(origin, at, erased)]);
  if (!erased.done) cli.exitCode = 1;
}

/** The process that writes the log says so in it, and erases. */
async function ordered(database: Pick<Database, 'pool'>, { origin, before }: EraseOptions): Promise<Erased> {
  const { id } = await orderErasure(database, origin, new Date(before));
  const { done, erased, failure } = await awaitErasure(database, id);
  return done ? { done, erased } : { done, erased, order: id, ...(failure !== undefined && { failure }) };
}

/** A log is never made here: what is said must be where somebody looks for it. */
async function alone(
  cli: Cli,
  database: Pick<Database, 'pool'>,
  store: string,
  { origin, before, as = origin }: EraseOptions,
): Promise<Erased> {
  await requireLog(database, as, '--as');
  const keys = openStore({ store, agency: agencyOf(origin) });
  const { eraseRecorded } = await import('#node'); // all that a process of a node has: no other command should wait for it
  const own = { database, origin: as, keys, dir: store, clock: cli.now };
  return { done: true, erased: await eraseRecorded(own, new Date(before), origin) };
}
