import { type Pool } from 'pg';
import { Problem } from '#problem';
import { EMPTY_ROOT, Edge } from '#tlog';
import { type EdgeFile, type StoredEdge } from './edge-file.js';
import { type LogState } from './growth.js';
import { behindEdge, recoverState } from './recover.js';
import { sealHead } from './seal.js';
import { LEASE_PATIENCE_MS, WriterSession, fenced } from './session.js';

/** A log with its lease taken, its tree proved and its fence raised. */
export interface OpenedLog {
  session: WriterSession;
  state: LogState;
  fence: number;
  /** `at` of the newest entry, milliseconds. */
  lastAt: number;
  /** Entries covered by the edge file. */
  edgeSize: number;
}

/**
 * Takes the lease of a log and proves its tree; makes the log when neither the database nor the edge file knows it.
 *
 * @throws Problem `log-fenced`, `log-behind-edge`, `log-tampered`; the driver's error when the database is not there
 */
export async function openLog(
  pool: Pool,
  origin: string,
  sealKey: Buffer,
  edgeFile: EdgeFile,
): Promise<OpenedLog> {
  const edge = await edgeFile.read(origin);
  const session = await WriterSession.begin(pool, origin, LEASE_PATIENCE_MS);
  if (!session) throw fenced();
  try {
    await createIfNew(session, origin, sealKey, edge, edgeFile);
    const head = await session.head(origin);
    if (!head) throw behindEdge();
    if (head.closed) throw new Problem('log-fenced', { detail: 'this log was closed by its successor' });
    const state = await recoverState(session.client, origin, sealKey, edge, head);
    return {
      session,
      state,
      fence: await raiseFence(session, origin),
      lastAt: await newestAt(session, origin),
      edgeSize: edge?.size ?? 0,
    };
  } catch (error) {
    session.end();
    throw error;
  }
}

/** The edge file comes first: a head without it is a log whose memory was taken away. */
async function createIfNew(
  session: WriterSession,
  origin: string,
  sealKey: Buffer,
  edge: StoredEdge | undefined,
  edgeFile: EdgeFile,
): Promise<void> {
  if (edge && edge.size > 0) return;
  if (!edge && !(await session.head(origin)))
    await edgeFile.write({ origin, size: 0, hashes: [...Edge.empty().hashes] });
  const head = { origin, size: 0, root: EMPTY_ROOT };
  await session.client.query(
    'insert into log_head (origin, size, root, seal, fence) values ($1, $2, $3, $4, 0) on conflict do nothing',
    [origin, head.size, head.root, sealHead(sealKey, head)],
  );
}

async function raiseFence(session: WriterSession, origin: string): Promise<number> {
  const { rows } = await session.client.query<{ fence: string }>(
    'update log_head set fence = fence + 1 where origin = $1 returning fence',
    [origin],
  );
  return Number(rows[0]!.fence);
}

async function newestAt(session: WriterSession, origin: string): Promise<number> {
  const { rows } = await session.client.query<{ at: Date }>(
    'select at from log_entry where origin = $1 order by index desc limit 1',
    [origin],
  );
  return rows[0]?.at.getTime() ?? 0;
}
