import { TILE_WIDTH, hashChildren } from '#tlog';

/** A full tile (C2SP tlog-tiles): 256 hashes of one level. */
export interface FullTile {
  level: number;
  n: number;
  hashes: Buffer;
}

/**
 * The unfinished tile of every level: what has to be in memory to complete the next ones. Immutable, so that a commit
 * whose result is not known yet can be adopted or dropped.
 */
export class TileStack {
  private constructor(
    readonly size: number,
    /** Level 0 first; each shorter than a tile. */
    private readonly partials: readonly (readonly Buffer[])[],
  ) {}

  static empty(): TileStack {
    return new TileStack(0, []);
  }

  /** @param partials unfinished tiles of a tree of `size` leaves, level 0 first */
  static from(size: number, partials: readonly (readonly Buffer[])[]): TileStack {
    return new TileStack(size, partials);
  }

  /** Adds leaf hashes; gives the stack after them and the tiles that became full. */
  extend(leaves: readonly Buffer[]): { stack: TileStack; tiles: FullTile[] } {
    const size = this.size + leaves.length;
    const tiles: FullTile[] = [];
    const partials: Buffer[][] = [];
    for (
      let level = 0, added: Buffer[] = [...leaves];
      added.length > 0 || level < this.partials.length;
      level++
    ) {
      const row = [...(this.partials[level] ?? []), ...added];
      const full = Math.floor(row.length / TILE_WIDTH);
      const first = firstTile(this.size, level);
      const done = Array.from({ length: full }, (_, i) => row.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH));
      tiles.push(...done.map((hashes, i) => ({ level, n: first + i, hashes: Buffer.concat(hashes) })));
      partials.push(row.slice(full * TILE_WIDTH));
      added = done.map(perfectRoot);
    }
    return { stack: new TileStack(size, partials), tiles };
  }

  /** The right edge of the tree: hashes of its complete subtrees, largest first. */
  edge(): Buffer[] {
    return [...this.partials].reverse().flatMap(subtrees);
  }
}

/** Number of full tiles of a level in a tree of `size` leaves. */
export function firstTile(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** (level + 1));
}

/** Root over a power of two of sibling hashes, such as a full tile: the hash that stands for it one level up. */
export function perfectRoot(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => hashChildren(row[2 * i]!, row[2 * i + 1]!));
  }
  return row[0]!;
}

/** A row cut into its perfect subtrees, largest first. */
function subtrees(row: readonly Buffer[]): Buffer[] {
  const roots: Buffer[] = [];
  for (let width = TILE_WIDTH / 2, start = 0; width >= 1; width /= 2) {
    if (row.length - start < width) continue;
    roots.push(perfectRoot(row.slice(start, start + width)));
    start += width;
  }
  return roots;
}
