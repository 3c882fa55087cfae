import { type Pool, type PoolClient } from 'pg';
import { Problem } from '#problem';
import { TILE_WIDTH, tilePath, type TileSource } from '#tlog';
import { perfectRoot } from '../tile-stack.js';
import { splitHashes } from '../peers/peer-store.js';

type Queryable = Pick<PoolClient | Pool, 'query'>;

/**
 * A log's tiles as its database has them: full ones from their table, the unfinished one of a level from what lies
 * below it. Cut to the width that is asked for, so that every earlier size of the tree can be shown.
 */
export function databaseTiles(client: Queryable, origin: string): TileSource {
  return { tile: (level, n, width) => readTile(client, origin, level, n, width) };
}

async function readTile(
  client: Queryable,
  origin: string,
  level: number,
  n: number,
  width: number,
): Promise<Buffer> {
  const full = await fullTiles(client, origin, level, n, 1);
  if (full[0]) return full[0].subarray(0, width * 32);
  if (width === TILE_WIDTH) throw absent(level, n, width);
  const hashes = await (level === 0
    ? leaves(client, origin, n, width)
    : fullTiles(client, origin, level - 1, n * TILE_WIDTH, width).then((tiles) => tiles.map(tileRoot)));
  if (hashes.length !== width) throw absent(level, n, width);
  return Buffer.concat(hashes);
}

/** Up to `count` full tiles of a level from the `first` on, as far as they follow each other. */
export async function fullTiles(
  client: Queryable,
  origin: string,
  level: number,
  first: number,
  count: number,
): Promise<Buffer[]> {
  const { rows } = await client.query<{ n: string; hashes: Buffer }>({
    name: 'evidence-full-tiles',
    text: `select n, hashes from log_tile where origin = $1 and level = $2 and n >= $3 and n < $4 order by n`,
    values: [origin, level, first, first + count],
  });
  const gap = rows.findIndex(
    (row, i) => Number(row.n) !== first + i || row.hashes.length !== TILE_WIDTH * 32,
  );
  return rows.slice(0, gap < 0 ? rows.length : gap).map(({ hashes }) => hashes);
}

/** The hash that stands for a full tile one level up. */
export function tileRoot(tile: Buffer): Buffer {
  return perfectRoot(splitHashes(tile));
}

async function leaves(client: Queryable, origin: string, n: number, width: number): Promise<Buffer[]> {
  const first = n * TILE_WIDTH;
  const { rows } = await client.query<{ leaf: Buffer }>({
    name: 'evidence-leaves',
    text: `select leaf from log_entry where origin = $1 and index >= $2 and index < $3 order by index`,
    values: [origin, first, first + width],
  });
  return rows.map(({ leaf }) => leaf);
}

function absent(level: number, n: number, width: number): Problem {
  return new Problem('not-found', { field: tilePath(level, n, width), detail: 'no such tile' });
}
