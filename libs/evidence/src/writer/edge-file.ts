import { createHmac, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '#problem';

/** The right edge of a tree (hashes of its complete subtrees, largest first): enough to grow it and to name its root. */
export interface StoredEdge {
  origin: string;
  size: number;
  hashes: Buffer[];
}

/**
 * The writer's memory of what it signed, outside PostgreSQL. Written beside and renamed, both synced, so that a crash
 * leaves the old one or the new one; authenticated, so that damage is seen.
 */
export class EdgeFile {
  constructor(
    private readonly path: string,
    private readonly key: Buffer,
  ) {}

  /** @throws Problem `log-tampered` when it is there and not as this writer wrote it */
  async read(origin: string): Promise<StoredEdge | undefined> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const edge = this.decode(text);
    if (edge?.origin !== origin)
      throw new Problem('log-tampered', { detail: 'edge file damaged or of another log' });
    return edge;
  }

  async write(edge: StoredEdge): Promise<void> {
    const temporary = `${this.path}.new`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(this.encode(edge));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
    await syncFolder(dirname(this.path));
  }

  private encode({ origin, size, hashes }: StoredEdge): string {
    const body = [origin, String(size), ...hashes.map((hash) => hash.toString('base64'))].join('\n');
    return `${body}\n${this.mac(body).toString('base64')}\n`;
  }

  /** Reads what `encode` wrote, byte for byte, and nothing else. */
  private decode(text: string): StoredEdge | undefined {
    const [origin, size, ...hashes] = text.split('\n').slice(0, -2);
    if (origin === undefined) return undefined;
    const edge = { origin, size: Number(size), hashes: hashes.map((hash) => Buffer.from(hash, 'base64')) };
    const [expected, actual] = [Buffer.from(this.encode(edge)), Buffer.from(text)];
    return expected.length === actual.length && timingSafeEqual(expected, actual) ? edge : undefined;
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.key).update('edge/v1\0').update(body).digest();
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
