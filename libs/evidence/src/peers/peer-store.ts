import { type Pool, type PoolClient } from 'pg';
import { byteaArray } from '#database';
import { type RecordedEntry, type SignedCheckpoint } from '../entry.js';

type Queryable = Pick<PoolClient | Pool, 'query'>;

/** Two entries that a peer's log shows at the same place: with both proofs, a portable proof of its fork. */
export interface PeerConflict {
  first: PeerEntry;
  second: PeerEntry;
}

/** A peer's entry with what proves it. */
export interface PeerEntry {
  origin: string;
  index: number;
  leaf: Buffer;
  path: Buffer[];
  checkpoint: SignedCheckpoint;
}

/** One side of a fork as kept in `peer_fork`: base64 hashes and the signed note verbatim. */
export interface ForkSide {
  size: number;
  note: string;
  index?: number;
  leaf?: string;
  path?: string[];
}

interface PeerRow {
  origin: string;
  index: string;
  leaf: Buffer;
  path: Buffer;
  size: string;
  root: Buffer;
  note: string;
}

/** Those of `entries` whose place is taken by another leaf, in the database or earlier in the list. */
export async function findPeerConflicts(
  client: Queryable,
  entries: readonly RecordedEntry[],
): Promise<Map<RecordedEntry, PeerConflict>> {
  const conflicts = new Map<RecordedEntry, PeerConflict>();
  if (entries.length === 0) return conflicts;
  const known = await storedAt(client, entries);
  for (const entry of entries) {
    const second = peerEntry(entry);
    const first = known.get(placeOf(second));
    if (!first) known.set(placeOf(second), second);
    else if (!first.leaf.equals(second.leaf)) conflicts.set(entry, { first, second });
  }
  return conflicts;
}

/** Keeps peers' entries; those already kept stay as they are. @returns how many were new */
export async function storePeerEntries(
  client: Queryable,
  entries: readonly RecordedEntry[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const { rowCount } = await client.query({
    name: 'evidence-peer-entries',
    text: `insert into peer_entry (origin, index, leaf, public, private, path, size, root, note)
      select * from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
        $7::bigint[], $8::bytea[], $9::text[])
      on conflict (origin, index) do nothing`,
    values: [
      entries.map((entry) => entry.checkpoint.origin),
      entries.map((entry) => entry.index),
      byteaArray(entries.map((entry) => entry.leaf)),
      byteaArray(entries.map((entry) => entry.publicLine)),
      byteaArray(entries.map((entry) => entry.privateLine ?? null)),
      byteaArray(entries.map((entry) => Buffer.concat(entry.path))),
      entries.map((entry) => entry.checkpoint.size),
      byteaArray(entries.map((entry) => entry.checkpoint.root)),
      entries.map((entry) => entry.checkpoint.note),
    ],
  });
  return rowCount ?? 0;
}

/** Keeps both signed sides of a peer's first fork; the peer is closed from then on. */
export async function storeFork(
  client: Queryable,
  origin: string,
  first: ForkSide,
  second: ForkSide,
): Promise<void> {
  await client.query(
    'insert into peer_fork (origin, first, second) values ($1, $2, $3) on conflict do nothing',
    [origin, JSON.stringify(first), JSON.stringify(second)],
  );
}

/** A peer's entry as one side of a fork. */
export function entrySide({ index, leaf, path, checkpoint }: PeerEntry): ForkSide {
  return {
    size: checkpoint.size,
    note: checkpoint.note,
    index,
    leaf: leaf.toString('base64'),
    path: path.map((hash) => hash.toString('base64')),
  };
}

/** The name of a place in a peer's log. */
export function placeOf({ origin, index }: { origin: string; index: number }): string {
  return `${origin}#${index}`;
}

async function storedAt(
  client: Queryable,
  entries: readonly RecordedEntry[],
): Promise<Map<string, PeerEntry>> {
  const { rows } = await client.query<PeerRow>({
    name: 'evidence-peer-places',
    text: `select origin, index, leaf, path, size, root, note from peer_entry
      join unnest($1::text[], $2::bigint[]) as place (origin, index) using (origin, index)`,
    values: [entries.map((entry) => entry.checkpoint.origin), entries.map((entry) => entry.index)],
  });
  return new Map(rows.map(fromRow).map((entry) => [placeOf(entry), entry]));
}

function fromRow({ origin, index, leaf, path, size, root, note }: PeerRow): PeerEntry {
  return {
    origin,
    index: Number(index),
    leaf,
    path: splitHashes(path),
    checkpoint: { origin, size: Number(size), root, note },
  };
}

/** 32-byte hashes out of their concatenation. */
export function splitHashes(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, (i + 1) * 32));
}

function peerEntry({ index, leaf, path, checkpoint }: RecordedEntry): PeerEntry {
  return { origin: checkpoint.origin, index, leaf, path, checkpoint };
}

/** Newest checkpoint seen of each peer. */
export async function loadNewest(client: Queryable): Promise<SignedCheckpoint[]> {
  const { rows } = await client.query<{ origin: string; size: string; root: Buffer; note: string }>(
    'select origin, size, root, note from peer_checkpoint',
  );
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** The proof that a peer's log forked. */
export interface StoredFork {
  origin: string;
  at: Date;
  first: ForkSide;
  second: ForkSide;
}

/** The peers that forked, with both signed sides. */
export async function loadForks(client: Queryable): Promise<StoredFork[]> {
  const { rows } = await client.query<StoredFork>(
    'select origin, at, first, second from peer_fork order by origin',
  );
  return rows;
}

/** Keeps the newest checkpoint of each peer; never a smaller one over a larger one. */
export async function saveNewest(client: Queryable, checkpoints: readonly SignedCheckpoint[]): Promise<void> {
  if (checkpoints.length === 0) return;
  await client.query({
    text: `insert into peer_checkpoint (origin, size, root, note)
      select * from unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[])
      on conflict (origin) do update set size = excluded.size, root = excluded.root, note = excluded.note
      where peer_checkpoint.size < excluded.size`,
    values: [
      checkpoints.map(({ origin }) => origin),
      checkpoints.map(({ size }) => size),
      byteaArray(checkpoints.map(({ root }) => root)),
      checkpoints.map(({ note }) => note),
    ],
  });
}
