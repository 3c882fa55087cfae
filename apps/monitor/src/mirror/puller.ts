import { type SignedCheckpoint } from '#evidence';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { proveConsistency, rootFromTiles, TILE_WIDTH, verifyConsistency } from '#tlog';
import { type AuditClient } from './audit-client.js';
import { type Checkpoints } from './checkpoints.js';
import { type Mirror, type Taken } from './mirror.js';

export interface PullerOptions {
  mirror: Mirror;
  checkpoints: Checkpoints;
  /** Audit server of the agency whose log it is; undefined when none is known. */
  clientOf: (origin: string) => AuditClient | undefined;
  logger: Logger;
  /** Told when what is served does not give what was signed. */
  onUnproved: (origin: string, served: SignedCheckpoint) => Promise<void>;
}

/** What a pull came to. */
export interface Pulled {
  /** Checkpoint that the audit server showed; undefined when it could not be asked. */
  served?: SignedCheckpoint;
  taken?: Taken;
}

/** Bundles fetched before they are proved and kept: bounds memory, whatever was missed. */
const BUNDLES = 16;

/** Fetches from a node's audit server what the mirror misses, and takes it once it is proved to be what was signed. */
export class Puller {
  private readonly running = new Map<string, Promise<Pulled>>();
  private stopping = false;

  constructor(private readonly options: PullerOptions) {}

  /** Pulls a log up to its newest checkpoint; a second call while one runs joins it. Never rejects. */
  pull(origin: string): Promise<Pulled> {
    const running = this.running.get(origin) ?? this.start(origin);
    this.running.set(origin, running);
    return running;
  }

  /** Ends pulls after the chunk that they are at; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  private start(origin: string): Promise<Pulled> {
    return this.run(origin)
      .catch((error: unknown): Pulled => {
        this.options.logger.warn('a log could not be pulled', { origin }, error);
        return {};
      })
      .finally(() => this.running.delete(origin));
  }

  private async run(origin: string): Promise<Pulled> {
    const client = this.options.clientOf(origin);
    if (!client) return {};
    const served = this.options.checkpoints.open(origin, await client.checkpoint(origin));
    for (;;) {
      const taken = await this.step(client, served);
      if (taken === 'unproven') await this.examine(client, served);
      if (taken === 'unproven' || taken === 'ended') return { served, taken };
      if (this.stopping || (await this.sizeOf(origin)) >= served.size) return { served, taken };
    }
  }

  private async sizeOf(origin: string): Promise<number> {
    return (await this.options.mirror.read(origin))?.edge.size ?? 0;
  }

  /** One chunk. Lines that do not end at the checkpoint come with the proof that they are on the way to it. */
  private async step(client: AuditClient, checkpoint: SignedCheckpoint): Promise<Taken> {
    const { mirror } = this.options;
    const { origin, size } = checkpoint;
    const from = await this.sizeOf(origin);
    if (from >= size) return mirror.take({ origin, from: size, lines: [], checkpoint });
    const to = Math.min(size, (Math.floor(from / TILE_WIDTH) + BUNDLES) * TILE_WIDTH);
    const lines = await client.entries(origin, from, to, size);
    const proof = to === size ? undefined : await proveConsistency(client.tiles(origin), to, size);
    return mirror.take({ origin, from, lines, checkpoint, ...(proof && { proof }) });
  }

  /**
   * The lines do not lead from the mirror to the signed root: did the log fork, or does the server show other lines than
   * were signed? The signed tree's own tiles tell which root it had at the mirror's size.
   */
  private async examine(client: AuditClient, checkpoint: SignedCheckpoint): Promise<void> {
    const { mirror, onUnproved } = this.options;
    const { origin, size, root } = checkpoint;
    const mirrored = await this.sizeOf(origin);
    if (mirrored > 0 && mirrored < size) {
      const prefix = await tryProve(client, origin, mirrored, size, root);
      if (prefix && (await mirror.holdPrefix(checkpoint, { size: mirrored, root: prefix })) === 'ended')
        return;
    }
    await onUnproved(origin, checkpoint);
  }
}

/** Root at `oldSize` of the tree that has `root` at `size`; undefined when the tiles do not show it. */
async function tryProve(
  client: AuditClient,
  origin: string,
  oldSize: number,
  newSize: number,
  newRoot: Buffer,
): Promise<Buffer | undefined> {
  try {
    const tiles = client.tiles(origin);
    const oldRoot = await rootFromTiles(tiles, oldSize);
    const proof = await proveConsistency(tiles, oldSize, newSize);
    return verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }) ? oldRoot : undefined;
  } catch (error) {
    if (error instanceof Problem) return undefined; // not shown, which is told as unproved
    throw error;
  }
}
