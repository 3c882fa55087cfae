import { Problem } from '#problem';
import { TileReader, type TileSource } from './tile-reader.js';

/** Leaves [start, end), whose tree hash is one element of a proof. */
type Range = [start: number, end: number];

/**
 * Inclusion path of the leaf at `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1), from the leaf's sibling up.
 * The tiles are taken at their word: whoever uses the path verifies it against a signed root.
 *
 * @throws Problem `not-found` when the leaf is not in that tree, `log-tampered` when a tile has another width.
 */
export async function proveInclusion(source: TileSource, index: number, size: number): Promise<Buffer[]> {
  requirePosition('size', size, 1, Number.MAX_SAFE_INTEGER);
  requirePosition('index', index, 0, size - 1);
  return hashesOf(source, size, inclusionRanges(index, size));
}

/**
 * Proof that the tree of `newSize` leaves extends that of `oldSize` (RFC 9162 §2.1.4.1); empty for equal sizes.
 *
 * @throws Problem `not-found` for size 0 and for shrinking, `log-tampered` when a tile has another width.
 */
export async function proveConsistency(
  source: TileSource,
  oldSize: number,
  newSize: number,
): Promise<Buffer[]> {
  requirePosition('newSize', newSize, 1, Number.MAX_SAFE_INTEGER);
  requirePosition('oldSize', oldSize, 1, newSize);
  return hashesOf(source, newSize, consistencyRanges(oldSize, newSize));
}

/**
 * Root of the tree of `size` leaves, from the tiles of its right edge only: it shows that the edge is the signed one,
 * not that the tiles below it are.
 *
 * @throws Problem `log-tampered` when a tile has another width.
 */
export async function rootFromTiles(source: TileSource, size: number): Promise<Buffer> {
  requirePosition('size', size, 0, Number.MAX_SAFE_INTEGER);
  return new TileReader(source, size).range(0, size);
}

function hashesOf(source: TileSource, size: number, ranges: Range[]): Promise<Buffer[]> {
  const reader = new TileReader(source, size);
  return Promise.all(ranges.map(([start, end]) => reader.range(start, end)));
}

// RFC 9162 §2.1.3.1, unrolled from the root down; the path is read from the leaf up.
function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const split = start + splitOf(end - start);
    ranges.push(index < split ? [split, end] : [start, split]);
    [start, end] = index < split ? [start, split] : [split, end];
  }
  return ranges.reverse();
}

// RFC 9162 §2.1.4.1, SUBPROOF: a right turn means that the old tree's rest is not a whole subtree from leaf 0.
function consistencyRanges(oldSize: number, newSize: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, newSize];
  while (oldSize < end) {
    const split = start + splitOf(end - start);
    ranges.push(oldSize <= split ? [split, end] : [start, split]);
    [start, end] = oldSize <= split ? [start, split] : [split, end];
  }
  if (start > 0) ranges.push([start, end]);
  return ranges.reverse();
}

/** Greatest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function requirePosition(field: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new Problem('not-found', { field, detail: 'outside the tree' });
  }
}
