import { Problem } from '#problem';
import { Edge, rootFromTiles, TILE_WIDTH, tilePath, type TileSource } from '#tlog';
import { splitHashes, type Queryable } from './log-row.js';

/** The mirror's own tiles of a log: full ones as stored, unfinished ones from what lies below them. */
export function mirrorTiles(client: Queryable, origin: string): TileSource {
  return { tile: (level, n, width) => readTile(client, origin, level, n, width) };
}

/** Root of the mirrored tree at one of its earlier sizes. */
export function rootAt(client: Queryable, origin: string, size: number): Promise<Buffer> {
  return rootFromTiles(mirrorTiles(client, origin), size);
}

/** Right edge of the mirrored tree at one of its earlier sizes: what a tail that begins there has to extend. */
export async function edgeAt(client: Queryable, origin: string, size: number): Promise<Edge> {
  const tiles = mirrorTiles(client, origin);
  const hashes: Buffer[][] = [];
  for (let level = 0, rest = size; rest > 0; level += 1, rest = Math.floor(rest / TILE_WIDTH)) {
    const width = rest % TILE_WIDTH;
    const row = width === 0 ? [] : splitHashes(await tiles.tile(level, Math.floor(rest / TILE_WIDTH), width));
    hashes.unshift(perfectSubtrees(row));
  }
  return Edge.from(size, hashes.flat());
}

/** Stores the tiles that became full when the tree grew from `from` to `to`. The lines are stored already. */
export async function storeFullTiles(
  client: Queryable,
  origin: string,
  from: number,
  to: number,
): Promise<void> {
  for (let level = 0, [before, after] = [from, to]; ; level += 1) {
    const first = Math.floor(before / TILE_WIDTH);
    const last = Math.floor(after / TILE_WIDTH);
    if (first === last) return;
    const hashes = await rowOf(client, origin, level, first * TILE_WIDTH, (last - first) * TILE_WIDTH);
    const tiles = Array.from({ length: last - first }, (_, i) =>
      Buffer.concat(hashes.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH)),
    );
    await client.query(
      `insert into mirror_tile (origin, level, n, hashes)
        select $1, $2, $3::bigint + tile.i - 1, tile.hashes from unnest($4::bytea[]) with ordinality as tile (hashes, i)`,
      [origin, level, first, tiles],
    );
    [before, after] = [first, last];
  }
}

async function readTile(
  client: Queryable,
  origin: string,
  level: number,
  n: number,
  width: number,
): Promise<Buffer> {
  const [full] = await fullTiles(client, origin, level, n, 1);
  if (full) return full.subarray(0, width * 32);
  const hashes = await rowOf(client, origin, level, n * TILE_WIDTH, width);
  if (hashes.length !== width) throw new Problem('not-found', { field: tilePath(level, n, width) });
  return Buffer.concat(hashes);
}

/** Hashes of a level: leaves, or what stands for the full tiles one level below. */
async function rowOf(
  client: Queryable,
  origin: string,
  level: number,
  first: number,
  count: number,
): Promise<Buffer[]> {
  if (level > 0) return (await fullTiles(client, origin, level - 1, first, count)).map(tileRoot);
  const { rows } = await client.query<{ leaf: Buffer }>({
    name: 'mirror-leaves',
    text: 'select leaf from mirror_line where origin = $1 and index >= $2 and index < $3 order by index',
    values: [origin, first, first + count],
  });
  return rows.map(({ leaf }) => leaf);
}

async function fullTiles(
  client: Queryable,
  origin: string,
  level: number,
  first: number,
  count: number,
): Promise<Buffer[]> {
  const { rows } = await client.query<{ hashes: Buffer }>({
    name: 'mirror-tiles',
    text: 'select hashes from mirror_tile where origin = $1 and level = $2 and n >= $3 and n < $4 order by n',
    values: [origin, level, first, first + count],
  });
  return rows.map(({ hashes }) => hashes);
}

function tileRoot(tile: Buffer): Buffer {
  return Edge.empty().extend(splitHashes(tile)).root;
}

/** A row cut into its perfect subtrees, largest first: one hash per 1 in its length. */
function perfectSubtrees(row: readonly Buffer[]): Buffer[] {
  return [...Edge.empty().extend(row).edge.hashes];
}
