import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { outsideSpans } from '#observability';
import { type SignedCheckpoint } from '../entry.js';

/** Between two writes; a reader sees a checkpoint at the latest this long after it was signed. */
const PAUSE_MS = 50;

/**
 * Keeps the newest signed checkpoint for readers, one write at a time and not waiting for the disk: lost, it is signed
 * again at the next start.
 */
export class CheckpointStore {
  private waiting: SignedCheckpoint | undefined;
  private saving: Promise<void> | undefined;
  /** Writes that failed; the next checkpoint tries again. */
  failures = 0;

  constructor(private readonly pool: Pool) {}

  offer(checkpoint: SignedCheckpoint): void {
    this.waiting = checkpoint;
    this.saving ??= outsideSpans(() => this.saveAll()).finally(() => (this.saving = undefined));
  }

  /** Resolves when everything offered is kept, or has failed and was counted, or after `ms`. */
  async flush(ms: number): Promise<void> {
    await Promise.race([this.saving, sleep(ms, undefined, { ref: false })]);
  }

  private async saveAll(): Promise<void> {
    while (this.waiting) {
      const checkpoint = this.waiting;
      this.waiting = undefined;
      try {
        await saveCheckpoint(this.pool, checkpoint);
      } catch {
        this.failures += 1;
      }
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }
}

/** A checkpoint never replaces a larger one. */
async function saveCheckpoint(pool: Pool, { origin, size, root, note }: SignedCheckpoint): Promise<void> {
  await pool.query({
    name: 'evidence-checkpoint',
    text: `insert into log_checkpoint (origin, size, root, note)
      select $1, $2, $3, $4 from (select set_config('synchronous_commit', 'off', true)) as lazily
      on conflict (origin) do update set size = excluded.size, root = excluded.root, note = excluded.note, at = now()
      where log_checkpoint.size <= excluded.size`,
    values: [origin, size, root, note],
  });
}
