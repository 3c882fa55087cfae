import { performance } from 'node:perf_hooks';
import { Problem } from '#problem';
import { type Edge } from '#tlog';
import { type EdgeFile } from './edge-file.js';

const SYNC_MS = 1_000;
/** Without an edge file for this long the guard against a rolled-back database is gone: nothing more is recorded. */
const PATIENCE_MS = 10_000;

/** Writes the edge file once a second while the log grows. */
export class EdgeKeeper {
  private readonly timer: NodeJS.Timeout;
  private syncing: Promise<void> | undefined;
  private failingSince: number | undefined;

  /**
   * @param current the edge of everything committed
   * @param synced size of the edge in the file
   */
  constructor(
    private readonly file: EdgeFile,
    private readonly origin: string,
    private readonly current: () => Edge,
    private synced: number,
  ) {
    this.timer = setInterval(() => void this.tick(), SYNC_MS).unref();
  }

  /** Tree size of the edge that is safe on disk. */
  get size(): number {
    return this.synced;
  }

  /** @throws Problem `log-unavailable` once the edge could not be written for ten seconds */
  requireHealthy(): void {
    if (this.failingSince !== undefined && performance.now() - this.failingSince > PATIENCE_MS)
      throw new Problem('log-unavailable', { detail: 'the edge file cannot be written' });
  }

  /** Writes the newest edge, after a write that is under way. */
  async sync(): Promise<void> {
    await this.syncing;
    this.syncing ??= this.write().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A failure is kept for `requireHealthy`, and the next second tries again. */
  private async tick(): Promise<void> {
    if (this.current().size === this.synced && this.failingSince === undefined) return;
    await this.sync().catch(() => undefined);
  }

  private async write(): Promise<void> {
    const { size, hashes } = this.current();
    try {
      await this.file.write({ origin: this.origin, size, hashes: [...hashes] });
      this.synced = size;
      this.failingSince = undefined;
    } catch (error) {
      this.failingSince ??= performance.now();
      throw error;
    }
  }
}
