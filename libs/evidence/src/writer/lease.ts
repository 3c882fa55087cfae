import { type Pool } from 'pg';
import { Problem } from '#problem';
import { type Growth, type LogState } from './growth.js';
import { behindEdge } from './recover.js';
import { sealHolds } from './seal.js';
import { type HeadRow, WriterSession, endLeftover, fenced, readHead } from './session.js';

/** What the writer must know to tell its own head from any other. */
export interface Holder {
  pool: Pool;
  origin: string;
  sealKey: Buffer;
  fence: number;
}

/**
 * Takes the lease again after its connection was lost.
 *
 * @throws Problem `log-fenced` when another writer has been here, `log-unavailable` while our own lost session lives on
 */
export async function regainLease(
  { pool, origin, fence }: Holder,
  lostPid: number,
): Promise<{ session: WriterSession; head: HeadRow }> {
  const session = await WriterSession.begin(pool, origin, 0);
  if (!session) {
    if ((await readHead(pool, origin))?.fence !== fence) throw fenced();
    await endLeftover(pool, lostPid);
    throw new Problem('log-unavailable', { detail: 'a lost connection still holds the lease' });
  }
  try {
    const head = await session.head(origin);
    if (!head) throw behindEdge();
    if (head.fence !== fence || head.closed) throw fenced();
    return { session, head };
  } catch (error) {
    session.end();
    throw error;
  }
}

/**
 * What became of a commit whose answer was lost. With the lease in hand nothing of ours is under way any more, so the
 * head says it for certain.
 *
 * @returns the growth when it was committed, undefined when the head is where it was
 * @throws Problem `log-behind-edge`, `log-tampered` when the head is neither
 */
export function settleDoubt(
  { origin, sealKey }: Holder,
  head: HeadRow,
  state: LogState,
  doubtful: Growth | undefined,
): Growth | undefined {
  const own = sealHolds(sealKey, { origin, ...head }, head.seal);
  if (own && head.size === state.edge.size && head.root.equals(state.edge.root())) return undefined;
  if (own && doubtful && head.size === doubtful.after.edge.size && head.root.equals(doubtful.root))
    return doubtful;
  if (head.size < state.edge.size) throw behindEdge();
  throw new Problem('log-tampered', { detail: 'the head is not one that this writer committed' });
}
