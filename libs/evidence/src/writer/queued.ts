import { type RecordedEntry } from '../entry.js';
import { type DraftLines } from '../draft.js';
import { captureSpan } from '#observability';
import { type Problem } from '#problem';

/** What an append gives back. */
export interface Appended extends RecordedEntry {
  /** The entry was there before: this append was a repetition, and nothing of its draft was recorded. */
  existing: boolean;
}

/** A draft on its way, with the caller who waits for it. Settled once; what comes later is dropped. */
export class Queued {
  readonly result: Promise<Appended>;
  settled = false;
  /** In whose trace the group that records it is seen. */
  readonly span = captureSpan();
  private accept!: (entry: Appended) => void;
  private refuse!: (problem: Problem) => void;

  constructor(
    readonly lines: DraftLines,
    /** Milliseconds of the process's monotonic clock. */
    readonly since: number,
  ) {
    this.result = new Promise((accept, refuse) => {
      this.accept = accept;
      this.refuse = refuse;
    });
  }

  resolve(entry: Appended): void {
    this.settled = true;
    this.accept(entry);
  }

  reject(problem: Problem): void {
    this.settled = true;
    this.refuse(problem);
  }
}
