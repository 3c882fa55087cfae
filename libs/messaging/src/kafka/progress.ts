import { Problem } from '#problem';
import { MAX_WAIT_MS } from './reader.js';

/** Two empty polls in a row, each its whole length: nothing is left, whatever the high watermark says. */
const EMPTY_POLLS = 2;

/**
 * How far a reader that has an end has come: at the high watermarks of its start, or at the last record that there is, when
 * those before the watermark are gone, by compaction or retention.
 */
export class Progress {
  readonly #goals: Map<number, number>;
  #empty = 0;
  #inHand = false;
  readonly #done = Promise.withResolvers<void>();

  constructor(goals: Iterable<readonly [number, number]>) {
    this.#goals = new Map([...goals].filter(([, goal]) => goal > 0));
    this.#look();
  }

  /** A record is in hand: polls that bring nothing meanwhile say nothing. */
  handed(): void {
    this.#inHand = true;
    this.#empty = 0;
  }

  /** It is not any more, whether it was taken or not. */
  released(): void {
    this.#inHand = false;
  }

  took(partition: number, next: number): void {
    this.#empty = 0;
    if (next >= (this.#goals.get(partition) ?? Infinity)) this.#goals.delete(partition);
    this.#look();
  }

  polled(ms: number): void {
    this.#empty = ms >= MAX_WAIT_MS && !this.#inHand ? this.#empty + 1 : 0;
    if (this.#empty >= EMPTY_POLLS) this.#goals.clear();
    this.#look();
  }

  /** Error: `shutting-down` when the subscription closes before. */
  async reached(closed: AbortSignal): Promise<void> {
    const given = Promise.withResolvers<never>();
    const giveUp = () => given.reject(new Problem('shutting-down'));
    if (closed.aborted) giveUp();
    closed.addEventListener('abort', giveUp, { once: true });
    await Promise.race([this.#done.promise, given.promise]).finally(() =>
      closed.removeEventListener('abort', giveUp),
    );
  }

  #look(): void {
    if (this.#goals.size === 0) this.#done.resolve();
  }
}
