import { Problem } from '#problem';
import {
  Edge,
  HASH_SIZE,
  rootFromTiles,
  TILE_WIDTH,
  tilePath,
  type Checkpoint,
  type TileSource,
} from '#tlog';
import { type LogFiles, readTile } from '../files/log-files.js';
import { type Finding } from '../words/findings.js';

/**
 * The hash tiles of one tree, each read once, with everything that is found wrong with them. A full tile must fold to its
 * hash one level up; what has no level above is held against the signed root. So a tile that passes is the signed one.
 */
export class CheckedTiles {
  readonly findings: Finding[] = [];
  private readonly tiles = new Map<string, Promise<Buffer | undefined>>();
  private readonly folded = new Map<string, Promise<void>>();

  constructor(
    private readonly files: LogFiles,
    private readonly tree: Checkpoint,
  ) {}

  /** How many tiles were read. */
  get count(): number {
    return this.tiles.size;
  }

  /** A tile of the right length; undefined when it is missing or malformed, which is then among the findings. */
  tile(level: number, n: number): Promise<Buffer | undefined> {
    const path = tilePath(level, n, this.width(level, n));
    const tile = this.tiles.get(path) ?? this.read(level, n, path);
    this.tiles.set(path, tile);
    return tile;
  }

  /** Whether the tiles of the right edge give the signed root. */
  async checkRoot(): Promise<void> {
    try {
      const root = await rootFromTiles(this.source(), this.tree.size);
      if (!root.equals(this.tree.root)) this.findings.push({ what: 'root-differs' });
    } catch (error) {
      // A tile that is not there is a finding already; without it there is no root to compare.
      if (!(error instanceof Problem) || this.findings.length === 0) throw error;
    }
  }

  /** Holds a tile against the levels above it, each once. */
  checkTile(level: number, n: number): Promise<void> {
    const key = `${level}/${n}`;
    const check = this.folded.get(key) ?? this.fold(level, n);
    this.folded.set(key, check);
    return check;
  }

  /** Root of the first `size` leaves, as these tiles have them. @throws Problem `log-tampered` */
  rootAt(size: number): Promise<Buffer> {
    return rootFromTiles(
      {
        tile: async (level, n, width) =>
          ((await this.tile(level, n)) ?? Buffer.alloc(0)).subarray(0, width * HASH_SIZE),
      },
      size,
    );
  }

  /** The tiles as a source of proofs. @throws Problem `log-tampered` for one that is missing or malformed */
  source(): TileSource {
    return { tile: async (level, n) => (await this.tile(level, n)) ?? Buffer.alloc(0) };
  }

  private async fold(level: number, n: number): Promise<void> {
    const tile = await this.tile(level, n);
    if (this.width(level, n) < TILE_WIDTH) return; // part of the edge: `checkRoot` has it
    const parent = Math.floor(n / TILE_WIDTH);
    const above = await this.tile(level + 1, parent);
    if (tile && above) this.compare(level, n, tile, above);
    await this.checkTile(level + 1, parent);
  }

  private compare(level: number, n: number, tile: Buffer, above: Buffer): void {
    const at = (n % TILE_WIDTH) * HASH_SIZE;
    const folded = Edge.empty().extend(hashesOf(tile)).root;
    if (!folded.equals(above.subarray(at, at + HASH_SIZE))) {
      this.findings.push({ what: 'tile-differs', path: tilePath(level, n, TILE_WIDTH) });
    }
  }

  private async read(level: number, n: number, path: string): Promise<Buffer | undefined> {
    const width = this.width(level, n);
    const tile = await readTile(this.files, level, n, width);
    if (tile?.length === width * HASH_SIZE) return tile;
    this.findings.push({ what: tile ? 'tile-malformed' : 'tile-missing', path });
    return undefined;
  }

  private width(level: number, n: number): number {
    return Math.min(TILE_WIDTH, Math.floor(this.tree.size / TILE_WIDTH ** level) - n * TILE_WIDTH);
  }
}

export function hashesOf(tile: Buffer): Buffer[] {
  return Array.from({ length: tile.length / HASH_SIZE }, (_, i) =>
    tile.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE),
  );
}
