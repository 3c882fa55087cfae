import { type PoolClient } from 'pg';
import { Problem } from '#problem';
import { Edge, TILE_WIDTH } from '#tlog';
import { fullTiles, tileRoot } from '../reader/database-tiles.js';
import { provenLeaves } from '../reader/stored-lines.js';
import { TileStack, firstTile } from '../tile-stack.js';
import { type StoredEdge } from './edge-file.js';
import { type LogState } from './growth.js';
import { type HeadRow } from './session.js';
import { sealHolds } from './seal.js';

type Queryable = Pick<PoolClient, 'query'>;

/**
 * The tree to go on from, proved: the database holds the tree of the edge that was kept outside it, what came after the
 * edge reproduces the head, and the head bears this writer's seal.
 *
 * @throws Problem `log-behind-edge` when the database lacks entries that were signed, `log-tampered` for any other mismatch
 */
export async function recoverState(
  client: Queryable,
  origin: string,
  sealKey: Buffer,
  edge: StoredEdge | undefined,
  head: HeadRow,
): Promise<LogState> {
  if (!sealHolds(sealKey, { origin, ...head }, head.seal)) throw tampered('the head bears another seal');
  if (!edge && head.size > 0) throw tampered('the edge file is missing');
  const known = edge ? Edge.from(edge.size, edge.hashes) : Edge.empty();
  if (head.size < known.size) throw behindEdge();
  const stack = await loadStack(client, origin, known.size);
  if (!sameHashes(stack.edge(), known.hashes)) throw tampered('entries that were signed have changed');
  const state = await replay(client, origin, { edge: known, stack }, head.size);
  if (!state.edge.root().equals(head.root)) throw tampered('entries do not give the root of the head');
  return state;
}

/** What a writer says whose database lacks entries that it signed. */
export function behindEdge(): Problem {
  return new Problem('log-behind-edge', { detail: 'the database is older than what this log has signed' });
}

function tampered(detail: string): Problem {
  return new Problem('log-tampered', { detail });
}

/** The unfinished tiles of the tree of the first `size` leaves, read from the database. */
export async function loadStack(client: Queryable, origin: string, size: number): Promise<TileStack> {
  const partials: Buffer[][] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const first = firstTile(size, level) * TILE_WIDTH;
    const count = Math.floor(size / TILE_WIDTH ** level) - first;
    partials.push(await rowOf(client, origin, level, first, count));
  }
  return TileStack.from(size, partials);
}

async function rowOf(
  client: Queryable,
  origin: string,
  level: number,
  first: number,
  count: number,
): Promise<Buffer[]> {
  if (level === 0) return collect(provenLeaves(client, origin, first, first + count));
  const tiles = await fullTiles(client, origin, level - 1, first, count);
  if (tiles.length !== count) throw tampered('tiles are missing');
  return tiles.map(tileRoot);
}

async function collect(chunks: AsyncIterable<Buffer[]>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
}

async function replay(client: Queryable, origin: string, start: LogState, size: number): Promise<LogState> {
  let { edge, stack } = start;
  for await (const leaves of provenLeaves(client, origin, edge.size, size)) {
    edge = edge.extend(leaves).edge;
    ({ stack } = stack.extend(leaves));
  }
  return { edge, stack };
}

function sameHashes(one: readonly Buffer[], other: readonly Buffer[]): boolean {
  return one.length === other.length && one.every((hash, i) => hash.equals(other[i]!));
}
