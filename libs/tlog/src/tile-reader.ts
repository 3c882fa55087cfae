import { Problem } from '#problem';
import { EMPTY_ROOT, HASH_SIZE, hashChildren } from './hash.js';
import { TILE_WIDTH, tilePath } from './tile-path.js';

/** Where tiles come from: a database, a directory, another node. */
export interface TileSource {
  /**
   * The tile's hashes, `width` · 32 bytes. A source that only has a wider tile of the same place cuts it; one that
   * has none throws.
   */
  tile(level: number, n: number, width: number): Promise<Buffer>;
}

const TILE_HEIGHT = Math.log2(TILE_WIDTH);

/** Reads hashes of the tree of `size` leaves out of its tiles, each tile fetched once. */
export class TileReader {
  private readonly tiles = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly source: TileSource,
    private readonly size: number,
  ) {}

  /** Merkle tree hash of the leaves [start, end), where `start` is a multiple of a power of two ≥ end − start. */
  async range(start: number, end: number): Promise<Buffer> {
    const subtrees = await Promise.all(
      fullSubtrees(start, end).map(({ at, height }) => this.subtree(at, height)),
    );
    return subtrees.length === 0
      ? EMPTY_ROOT
      : subtrees.reduceRight((right, left) => hashChildren(left, right));
  }

  /** Root of the full subtree of 2^height leaves that starts at leaf `at`. */
  private async subtree(at: number, height: number): Promise<Buffer> {
    const level = Math.floor(height / TILE_HEIGHT);
    const first = at / TILE_WIDTH ** level;
    const n = Math.floor(first / TILE_WIDTH);
    const tile = await this.fetch(level, n);
    const start = (first - n * TILE_WIDTH) * HASH_SIZE;
    return fold(tile.subarray(start, start + 2 ** (height % TILE_HEIGHT) * HASH_SIZE));
  }

  private fetch(level: number, n: number): Promise<Buffer> {
    const key = `${level}/${n}`;
    const tile = this.tiles.get(key) ?? this.read(level, n);
    this.tiles.set(key, tile);
    return tile;
  }

  private async read(level: number, n: number): Promise<Buffer> {
    const inLevel = Math.floor(this.size / TILE_WIDTH ** level);
    const width = Math.min(TILE_WIDTH, inLevel - n * TILE_WIDTH);
    const tile = await this.source.tile(level, n, width);
    if (tile.length !== width * HASH_SIZE) {
      throw new Problem('log-tampered', {
        field: tilePath(level, n, width),
        detail: 'a tile of another width',
      });
    }
    return tile;
  }
}

function fullSubtrees(start: number, end: number): { at: number; height: number }[] {
  const subtrees = [];
  for (let at = start; at < end;) {
    const height = heightWithin(end - at);
    subtrees.push({ at, height });
    at += 2 ** height;
  }
  return subtrees;
}

/** Greatest h with 2^h ≤ count. Counted, not `log2`, which rounds up just below large powers of two. */
function heightWithin(count: number): number {
  let height = 0;
  while (2 ** (height + 1) <= count) height += 1;
  return height;
}

function fold(hashes: Buffer): Buffer {
  if (hashes.length === HASH_SIZE) return Buffer.from(hashes);
  const middle = hashes.length / 2;
  return hashChildren(fold(hashes.subarray(0, middle)), fold(hashes.subarray(middle)));
}
