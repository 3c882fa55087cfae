import { type SignedCheckpoint } from '#evidence';
import { type MirroredLog, type Queryable } from './log-row.js';
import { rootAt } from './mirror-tiles.js';

/** A signed checkpoint and the log whose node showed it. */
export interface SeenCheckpoint {
  checkpoint: SignedCheckpoint;
  reporter: string;
}

/** Checkpoints kept of one log: its owner could sign any number of trees that it never shows. */
const KEPT = 1_000;

/** Keeps a checkpoint that is beyond the mirror, until the mirror has reached it. */
export async function keepSeen(
  client: Queryable,
  { checkpoint, reporter }: SeenCheckpoint,
  now: Date,
): Promise<void> {
  const { origin, size, root, note } = checkpoint;
  await client.query({
    name: 'seen-keep',
    text: `insert into mirror_seen (origin, size, root, note, reporter, at) select $1, $2, $3, $4, $5, $6
      where (select count(*) from mirror_seen where origin = $1) < ${KEPT} on conflict do nothing`,
    values: [origin, size, root, note, reporter, now],
  });
}

/** Of the checkpoints that the mirror has reached now, the first that it contradicts. Those reached are done with. */
export async function settleSeen(client: Queryable, log: MirroredLog): Promise<SeenCheckpoint | undefined> {
  const { rows } = await client.query<{ size: string; root: Buffer; note: string; reporter: string }>({
    name: 'seen-settle',
    text: 'delete from mirror_seen where origin = $1 and size <= $2 returning size, root, note, reporter',
    values: [log.origin, log.edge.size],
  });
  for (const { size, root, note, reporter } of rows) {
    const checkpoint = { origin: log.origin, size: Number(size), root, note };
    if (!(await agrees(client, log, checkpoint))) return { checkpoint, reporter };
  }
  return undefined;
}

/** Whether the mirrored tree had this root at that size; the mirror has reached it. */
export async function agrees(
  client: Queryable,
  log: MirroredLog,
  { size, root }: SignedCheckpoint,
): Promise<boolean> {
  const mirrored = size === log.edge.size ? log.root : await rootAt(client, log.origin, size);
  return mirrored.equals(root);
}

/** Largest size signed of a log that the mirror has not reached; 0: none is known. */
export async function newestSeen(client: Queryable, origin: string): Promise<number> {
  const { rows } = await client.query<{ size: string }>(
    'select coalesce(max(size), 0) as size from mirror_seen where origin = $1',
    [origin],
  );
  return Number(rows[0]!.size);
}

/** Logs whose owner signed more than is mirrored: the largest size signed, and since when. */
export async function readBehind(
  client: Queryable,
): Promise<Map<string, { size: number; since: Date; note: string }>> {
  const { rows } = await client.query<{ origin: string; size: string; since: Date; note: string }>(
    `select distinct on (origin) origin, size, min(at) over (partition by origin) as since, note from mirror_seen
      order by origin, size desc`,
  );
  return new Map(rows.map(({ origin, size, since, note }) => [origin, { size: Number(size), since, note }]));
}
