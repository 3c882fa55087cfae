import { type KeyObject } from 'node:crypto';
import { signRequest } from '#identity';
import { Problem } from '#problem';
import { decodeEntryBundle, entryBundlePath, HASH_SIZE, TILE_WIDTH, tilePath, type TileSource } from '#tlog';

/** The monitor's own key for signing requests. */
export interface PullKey {
  /** Registered id, `<agency>/http-signature/<n>`. */
  keyId: string;
  privateKey: KeyObject;
}

export interface AuditClientOptions {
  /** `https://audit.hrss.example`: where the node's logs are under `/logs/`. */
  url: string;
  key: () => PullKey;
  clock: () => number;
  timeoutMs: number;
}

/** 256 entries of at most 65,535 bytes, each with its length. */
const LARGEST = TILE_WIDTH * 65_537;

/** Reads one node's logs from its audit server. Nothing that it gives is believed: the caller holds it against a signed root. */
export class AuditClient {
  constructor(private readonly options: AuditClientOptions) {}

  /** Newest signed checkpoint as a note. @throws Problem `transport-unavailable` */
  async checkpoint(origin: string): Promise<string> {
    return (await this.get(`/logs/${origin}/checkpoint`)).toString('utf8');
  }

  /**
   * Entries [from, to) of the tree of `size` leaves; whole bundles are fetched and cut.
   * @throws Problem `transport-unavailable`, `log-tampered` for a bundle that is none
   */
  async entries(origin: string, from: number, to: number, size: number): Promise<Buffer[]> {
    const lines: Buffer[] = [];
    for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n += 1) {
      const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
      const bundle = await this.get(`/logs/${origin}/${entryBundlePath(n, width)}`, this.options.key());
      lines.push(...decodeEntryBundle(bundle, width));
    }
    const skipped = from % TILE_WIDTH;
    return lines.slice(skipped, skipped + to - from);
  }

  /** Hash tiles, for consistency proofs. */
  tiles(origin: string): TileSource {
    return {
      tile: async (level, n, width) => {
        const tile = await this.get(`/logs/${origin}/${tilePath(level, n, width)}`);
        if (tile.length !== width * HASH_SIZE)
          throw new Problem('log-tampered', { field: tilePath(level, n, width) });
        return tile;
      },
    };
  }

  private async get(path: string, key?: PullKey): Promise<Buffer> {
    const url = `${this.options.url}${path}`;
    const { timeoutMs, clock } = this.options;
    try {
      const headers = key && signRequest({ method: 'GET', url, ...key, now: clock() });
      const answer = await fetch(url, {
        ...(headers && { headers }),
        redirect: 'manual', // not followed, and told as what it is
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (answer.status !== 200) throw unavailable(path, `answered ${answer.status}`);
      return await readAtMost(answer, LARGEST);
    } catch (error) {
      throw error instanceof Problem ? error : unavailable(path, 'no answer', error);
    }
  }
}

/** A server that never ends its answer must not fill our memory. */
async function readAtMost(answer: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    if (length > most) throw new Problem('body-too-large', { detail: 'an audit server’s answer' });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function unavailable(field: string, detail: string, cause?: unknown): Problem {
  return new Problem('transport-unavailable', { field, detail, cause });
}
