import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { type Database } from '#database';
import { erasureState, orderErasure, withdrawErasure } from '#evidence';
import { Problem } from '#problem';
import { inDatabase, requireLog } from '../../files/node-database.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment } from '../../options.js';
import { openStore } from '../../files/store.js';
import { agencyOf, withLog, type LogOptions } from './log-options.js';
import { unlessRefused } from './refused.js';

/** A process looks for orders every five seconds. */
const BEGUN_WITHIN_MS = 12_000;
const ENDED_WITHIN_MS = 10 * 60_000;
const LOOK_MS = 250;

interface EraseOptions extends LogOptions {
  before: number;
  store?: string;
}

/** Erases private lines whose retention is over; the tree and every receipt stay valid. */
export function logErase(cli: Cli): Command {
  const command = withLog(new Command('erase'))
    .description('erase the private lines of entries written before a moment, for good')
    .requiredOption('--before <moment>', 'a day in China, or a timestamp with zone', moment)
    .option(
      '--store <dir>',
      'the node’s directory with its keys: to erase while no process writes the log, which else does it',
    );
  return command.action((options: EraseOptions) => unlessRefused(cli, () => erase(cli, command, options)));
}

async function erase(cli: Cli, command: Command, options: EraseOptions): Promise<void> {
  const { database, origin, before, store, json } = options;
  if (before > cli.now()) command.error('error: --before is in the past');
  const at = new Date(before);
  const erased = await inDatabase(database, async (opened) => {
    await requireLog(opened, origin);
    if (store === undefined) return ordered(cli, opened, origin, at);
    const keys = openStore({ store, agency: agencyOf(origin) });
    const { eraseRecorded } = await import('#node'); // all that a process of a node has: no other command should wait for it
    return eraseRecorded({ database: opened, origin, keys, dir: store, clock: cli.now }, at);
  });
  if (json) printJson(cli, { origin, before: at.toISOString(), erased });
  else printLines(cli, [`${origin}: ${erased} private lines before ${at.toISOString()} erased`]);
}

/**
 * The process that writes the log says so in it, and erases.
 * @throws Problem `log-unavailable` when it has not begun in time, or not ended: what is not begun is taken back
 */
async function ordered(
  cli: Cli,
  database: Pick<Database, 'pool'>,
  origin: string,
  before: Date,
): Promise<number> {
  const id = await orderErasure(database, origin, before);
  const begun = performance.now();
  for (;;) {
    const { begun: isBegun = false, erased } = (await erasureState(database, id)) ?? {};
    if (erased !== undefined) return erased;
    const waited = performance.now() - begun;
    if (isBegun && waited > ENDED_WITHIN_MS)
      throw notDone(`order ${id} is being carried out; it goes on without this command`);
    if (!isBegun && waited > BEGUN_WITHIN_MS && (await withdrawErasure(database, id)))
      throw notDone('its process did not begin; if none writes this log, --store erases without one');
    await sleep(LOOK_MS);
  }
}

function notDone(detail: string): Problem {
  return new Problem('log-unavailable', { field: '--origin', detail });
}
