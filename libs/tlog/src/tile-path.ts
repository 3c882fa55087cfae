/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

const MAX_LEVEL = 63;

/** A tile of tree hashes: the `n`-th of its level, `width` hashes wide (1 to 256; 256 is a full tile). */
export interface TileName {
  level: number;
  n: number;
  width: number;
}

/** A bundle of entries, beside the tile of level 0 with the same `n` and `width`. */
export interface EntryBundleName {
  entries: true;
  n: number;
  width: number;
}

/** Path below a log's prefix, as `tile/0/x001/234.p/5`. @throws RangeError when there can be no such tile. */
export function tilePath(level: number, n: number, width: number): string {
  requireWithin('level', level, 0, MAX_LEVEL);
  return `tile/${level}/${suffix(n, width)}`;
}

/** Path of an entry bundle, as `tile/entries/x001/234.p/5`. @throws RangeError when there can be no such bundle. */
export function entryBundlePath(n: number, width: number): string {
  return `tile/entries/${suffix(n, width)}`;
}

// Each tile has one path only: no leading zeroes in level and width, no leading x000, no `.p/256`.
const KIND = String.raw`(entries|\d|[1-5]\d|6[0-3])`;
const INDEX = String.raw`((?:x(?!000/)\d{3}/(?:x\d{3}/)*)?\d{3})`;
const PARTIAL = String.raw`(?:\.p/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?`;
const PATH = new RegExp(`^tile/${KIND}/${INDEX}${PARTIAL}$`);

/** What a path names, or nothing when it is not written exactly as {@link tilePath} and {@link entryBundlePath} do. */
export function parseTilePath(path: string): TileName | EntryBundleName | undefined {
  const [, kind, index, partial] = PATH.exec(path) ?? [];
  const n = Number(index?.replaceAll(/[x/]/g, ''));
  if (kind === undefined || !Number.isSafeInteger(n)) return undefined;
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  return kind === 'entries' ? { entries: true, n, width } : { level: Number(kind), n, width };
}

/**
 * The tiles that are new, or wider, in a tree grown from `oldSize` to `newSize` leaves, level by level: what a writer
 * has to store and a mirror has to fetch. Partial tiles of sizes in between are not among them.
 *
 * @throws RangeError when the sizes are no growth.
 */
export function tilesCovering(oldSize: number, newSize: number): TileName[] {
  requireWithin('newSize', newSize, 0, Number.MAX_SAFE_INTEGER);
  requireWithin('oldSize', oldSize, 0, newSize);
  const tiles: TileName[] = [];
  let [before, after] = [oldSize, newSize];
  for (let level = 0; after > before; level += 1) {
    for (let n = Math.floor(before / TILE_WIDTH); n * TILE_WIDTH < after; n += 1) {
      tiles.push({ level, n, width: Math.min(TILE_WIDTH, after - n * TILE_WIDTH) });
    }
    [before, after] = [Math.floor(before / TILE_WIDTH), Math.floor(after / TILE_WIDTH)];
  }
  return tiles;
}

function suffix(n: number, width: number): string {
  requireWithin('n', n, 0, Number.MAX_SAFE_INTEGER);
  requireWithin('width', width, 1, TILE_WIDTH);
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  const last = groups.pop()!;
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return groups.map((group) => `x${group}/`).join('') + last + partial;
}

function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} is a whole number from ${least} to ${most}`);
  }
}
