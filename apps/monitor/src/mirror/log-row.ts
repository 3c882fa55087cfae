import { type Pool, type PoolClient } from 'pg';
import { EMPTY_ROOT, Edge, HASH_SIZE } from '#tlog';

export type Queryable = Pick<Pool | PoolClient, 'query'>;

/** `closed`: its agency ended it by an `epoch` entry; `contradicted`: it showed two histories, nothing of it is counted any more. */
export type LogState = 'following' | 'closed' | 'contradicted';

/** A log as far as it is mirrored. */
export interface MirroredLog {
  origin: string;
  edge: Edge;
  root: Buffer;
  /** Newest signed checkpoint that the mirror is proved against; absent while it is empty. */
  note?: string;
  state: LogState;
  /** When it last grew here, by the monitor's clock. */
  grownAt: Date;
  /** `at` of its newest line. */
  lastAt?: Date;
}

interface Row {
  size: string;
  edge: Buffer;
  root: Buffer;
  note: string | null;
  state: LogState;
  grown_at: Date;
  last_at: Date | null;
}

const COLUMNS = 'size, edge, root, note, state, grown_at, last_at';

/** The log's row, locked until the transaction ends: one change of a log at a time, whatever process makes it. */
export async function lockLog(client: Queryable, origin: string, now: Date): Promise<MirroredLog> {
  await client.query({
    name: 'mirror-begin',
    text: `insert into mirror_log (origin, size, edge, root, state, grown_at) values ($1, 0, '', $2, 'following', $3)
      on conflict do nothing`,
    values: [origin, EMPTY_ROOT, now],
  });
  const { rows } = await client.query<Row>({
    name: 'mirror-lock',
    text: `select ${COLUMNS} from mirror_log where origin = $1 for update`,
    values: [origin],
  });
  return logOf(origin, rows[0]!);
}

/** The log as it is now; undefined when nothing of it was ever seen. */
export async function readLog(client: Queryable, origin: string): Promise<MirroredLog | undefined> {
  const { rows } = await client.query<Row>(`select ${COLUMNS} from mirror_log where origin = $1`, [origin]);
  return rows[0] && logOf(origin, rows[0]);
}

/** The mirrored public line of an entry; undefined when the mirror does not have it. */
export async function readLine(
  client: Queryable,
  origin: string,
  index: number,
): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ public: Buffer }>(
    'select public from mirror_line where origin = $1 and index = $2',
    [origin, index],
  );
  return rows[0]?.public;
}

/** All logs, sorted by origin. */
export async function readLogs(client: Queryable): Promise<MirroredLog[]> {
  const { rows } = await client.query<Row & { origin: string }>(
    `select origin, ${COLUMNS} from mirror_log order by origin`,
  );
  return rows.map((row) => logOf(row.origin, row));
}

export async function writeLog(client: Queryable, log: MirroredLog): Promise<void> {
  await client.query({
    name: 'mirror-write',
    text: `update mirror_log set size = $2, edge = $3, root = $4, note = $5, state = $6, grown_at = $7, last_at = $8
      where origin = $1`,
    values: [
      log.origin,
      log.edge.size,
      Buffer.concat(log.edge.hashes),
      log.root,
      log.note ?? null,
      log.state,
      log.grownAt,
      log.lastAt ?? null,
    ],
  });
}

/** Hashes out of the bytes that hold them one after the other. */
export function splitHashes(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / HASH_SIZE }, (_, i) =>
    bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE),
  );
}

function logOf(origin: string, row: Row): MirroredLog {
  return {
    origin,
    edge: Edge.from(Number(row.size), splitHashes(row.edge)),
    root: row.root,
    ...(row.note !== null && { note: row.note }),
    state: row.state,
    grownAt: row.grown_at,
    ...(row.last_at && { lastAt: row.last_at }),
  };
}
