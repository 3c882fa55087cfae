import { type Database } from '#database';
import {
  beginErasure,
  closeErasure,
  erasePrivateLines,
  isErasureSaid,
  orderErasure,
  type ErasureOrder,
  type LogWriter,
} from '#evidence';
import { Problem } from '#problem';
import { adminEntry, writingLog, type OwnLog } from './admin-acts.js';

/**
 * Carries an ordered erasure out: the log says which private lines go, once, and then they do.
 * @param signal ends it between two statements; a later call goes on
 * @returns how many it erased, over all calls; undefined when it was taken back, or is another log's
 * @throws Problem as `LogWriter.append`, the driver's error, the signal's reason
 */
export async function carryOutErasure(
  database: Pick<Database, 'pool'>,
  log: Pick<LogWriter, 'append' | 'origin'>,
  order: ErasureOrder,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if (!(await beginErasure(database, order.id, log.origin))) return undefined;
  if (!(await isErasureSaid(database, order, log.origin))) await sayErasure(log, order);
  await erasePrivateLines(database, order, signal);
  return closeErasure(database, order.id);
}

/**
 * Erases private lines, recorded first in a log of this node that no process writes.
 * @param origin the log whose lines go, when it is another one of the agency: closed, so that nothing can be said in it
 * @throws Problem as `writingLog`; `log-fenced` also when `origin` is not closed
 */
export function eraseRecorded(own: OwnLog, before: Date, origin = own.origin): Promise<number> {
  return writingLog(own, async (log) => {
    const order = await orderErasure(own.database, origin, before, log.origin);
    const erased = await carryOutErasure(own.database, log, order);
    if (erased !== undefined) return erased;
    throw new Problem('not-found', { detail: `order ${order.id} is not in the database any more` });
  });
}

async function sayErasure(
  log: Pick<LogWriter, 'append' | 'origin'>,
  { origin, before, exchange }: ErasureOrder,
): Promise<void> {
  const note = { origin, before: before.toISOString() };
  await log.append(adminEntry(log.origin, 'private-lines-erased', note, exchange));
}
