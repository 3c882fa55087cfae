import { type PoolClient } from 'pg';
import { byteaArray } from '#database';
import { type RecordedEntry } from '../entry.js';
import { type FullTile } from '../tile-stack.js';
import { findPeerConflicts, storePeerEntries } from '../peers/peer-store.js';
import { type Growth } from './growth.js';

/** Whether a growth may be committed; if not, what was found to be different from what the writer knows. */
export type StoreResult = 'stored' | 'head-moved' | 'peers-changed' | 'disclosed-elsewhere';

/**
 * Writes a growth inside the open transaction: head (the lock point), entries, full tiles, index of subjects, peers'
 * entries. With any result but `stored` the transaction must be rolled back.
 */
export async function storeGrowth(
  client: PoolClient,
  origin: string,
  fence: number,
  growth: Growth,
): Promise<StoreResult> {
  const parents = growth.entries.flatMap(({ callers }) => callers[0]!.lines.parentReceipt ?? []);
  try {
    const [appended, , , kept] = await Promise.all([
      appendEntries(client, origin, fence, growth),
      insertTiles(client, origin, growth.tiles),
      insertSubjects(client, origin, growth),
      storePeerEntries(client, parents),
    ]);
    if (!appended) return 'head-moved';
    return kept === parents.length || (await areKept(client, parents)) ? 'stored' : 'peers-changed';
  } catch (error) {
    // Committed by another log of this node after our look: the group is tried again and sees it then.
    const { constraint } = error as { constraint?: string };
    if (constraint === 'log_entry_disclosed_once') return 'disclosed-elsewhere';
    if (constraint === 'log_tile_pkey') return 'head-moved'; // another writer has filled this tile
    throw error;
  }
}

/** One statement, so that no entry is inserted unless the head was where this writer, by its fence, left it. */
async function appendEntries(
  client: PoolClient,
  origin: string,
  fence: number,
  { from, after, root, seal, entries }: Growth,
): Promise<boolean> {
  const lines = entries.map(({ callers }) => callers[0]!.lines);
  const { rowCount } = await client.query({
    name: 'evidence-append',
    text: `with head as (
        update log_head set size = $2, root = $3, seal = $4
        where origin = $1 and size = $5 and fence = $6 and not closed returning size)
      insert into log_entry (origin, index, leaf, kind, exchange, at, public, private, late)
      select $1, $5::bigint + line.n - 1, line.leaf, line.kind, line.exchange, line.at, line.public, line.private, line.late
      from head, unnest($7::bytea[], $8::text[], $9::uuid[], $10::timestamptz[], $11::bytea[], $12::bytea[], $13::boolean[])
        with ordinality as line (leaf, kind, exchange, at, public, private, late, n)`,
    values: [
      origin,
      after.edge.size,
      root,
      seal,
      from,
      fence,
      byteaArray(entries.map(({ leaf }) => leaf)),
      lines.map(({ kind }) => kind),
      lines.map(({ exchange }) => exchange),
      lines.map(({ at }) => at),
      byteaArray(lines.map(({ publicLine }) => publicLine)),
      byteaArray(lines.map(({ privateLine }) => privateLine)),
      lines.map(({ late }) => late),
    ],
  });
  return rowCount === entries.length;
}

/** Adds full tiles of a log. */
export async function insertTiles(
  client: Pick<PoolClient, 'query'>,
  origin: string,
  tiles: readonly FullTile[],
): Promise<void> {
  if (tiles.length === 0) return;
  await client.query({
    name: 'evidence-tiles',
    text: `insert into log_tile (origin, level, n, hashes)
      select $1, * from unnest($2::smallint[], $3::bigint[], $4::bytea[])`,
    values: [
      origin,
      tiles.map(({ level }) => level),
      tiles.map(({ n }) => n),
      byteaArray(tiles.map(({ hashes }) => hashes)),
    ],
  });
}

async function insertSubjects(client: PoolClient, origin: string, { entries }: Growth): Promise<void> {
  const pairs = entries.flatMap(({ index, callers }) =>
    callers[0]!.lines.subjectIndex.map((commitment) => ({ index, commitment })),
  );
  if (pairs.length === 0) return;
  await client.query({
    name: 'evidence-subjects',
    text: `insert into subject_index (origin, index, commitment)
      select $1, * from unnest($2::bigint[], $3::bytea[]) on conflict do nothing`,
    values: [origin, pairs.map(({ index }) => index), byteaArray(pairs.map(({ commitment }) => commitment))],
  });
}

/**
 * Whether all places hold the leaves we were shown. They may not when another instance of this node met the same peer's
 * entry between our look and the insert: the group is tried again and sees it then.
 */
async function areKept(client: PoolClient, parents: readonly RecordedEntry[]): Promise<boolean> {
  return (await findPeerConflicts(client, parents)).size === 0;
}
