import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type EntryDraft } from '../draft.js';

/** Appends a `tick` to a log that grows no other way, so that silence means that its writer is not there. */
export class Ticker {
  private readonly timer: NodeJS.Timeout | undefined;
  private last = performance.now();

  /** @param every longest silence, milliseconds; 0 for no ticks */
  constructor(
    private readonly origin: string,
    private readonly every: number,
    private readonly append: (draft: EntryDraft) => Promise<unknown>,
  ) {
    if (every > 0) this.timer = setInterval(() => void this.check(), every / 4).unref();
  }

  /** Something was recorded. */
  grew(): void {
    this.last = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    if (performance.now() - this.last < (this.every * 3) / 4) return;
    const agency = this.origin.split('/')[0]!;
    await this.append({ kind: 'tick', exchange: randomUUID(), from: agency, to: agency }).catch(
      () => undefined, // the writer's health says it, and the next quarter tries again
    );
  }
}
