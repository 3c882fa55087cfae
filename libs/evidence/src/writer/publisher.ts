import { outsideSpans } from '#observability';
import { type RecordedEntry, type SignedCheckpoint } from '../entry.js';
import { type CheckpointStore } from './checkpoint-store.js';
import { type Growth, type LogState, type NewEntry } from './growth.js';
import { type SigningKeys } from './signing-keys.js';
import { asUnavailable } from './unavailable.js';

/** What a group commit added, for the monitor: public lines from index `from` on, and the checkpoint over them. */
export interface Tail {
  origin: string;
  from: number;
  lines: Buffer[];
  checkpoint: SignedCheckpoint;
}

/** Makes a committed growth known: signs its root, answers the callers, hands out the tail. */
export class Publisher {
  private newest: SignedCheckpoint;
  /** Tails that the receiver threw on; the monitor pulls what it misses. */
  tailFailures = 0;

  constructor(
    private readonly keys: SigningKeys,
    state: LogState,
    private readonly store: CheckpointStore,
    private readonly onCommit: ((tail: Tail) => void) | undefined,
  ) {
    this.newest = keys.sign(state.edge);
    store.offer(this.newest);
  }

  get checkpoint(): SignedCheckpoint {
    return this.newest;
  }

  /** Only ever called with a growth that is committed. If signing fails the callers learn it; the next growth signs for all. */
  publish(growth: Growth): void {
    try {
      this.newest = this.keys.sign(growth.after.edge);
      this.keys.follow(growth);
    } catch (error) {
      for (const { callers } of growth.entries)
        callers.forEach((caller) => caller.reject(asUnavailable(error)));
      return;
    }
    this.store.offer(this.newest);
    for (const entry of growth.entries) answer(entry, this.newest);
    this.handOut(growth);
  }

  private handOut({ from, entries }: Growth): void {
    const lines = entries.map(({ callers }) => callers[0]!.lines.publicLine);
    try {
      const tail = { origin: this.newest.origin, from, lines, checkpoint: this.newest };
      outsideSpans(() => this.onCommit?.(tail));
    } catch {
      this.tailFailures += 1; // the entry is recorded whatever its reader does
    }
  }
}

function answer({ index, leaf, path, callers }: NewEntry, checkpoint: SignedCheckpoint): void {
  const { publicLine, privateLine } = callers[0]!.lines;
  const entry: RecordedEntry = { index, publicLine, privateLine, leaf, path, checkpoint };
  callers.forEach((caller, i) => caller.resolve({ ...entry, existing: i > 0 }));
}
