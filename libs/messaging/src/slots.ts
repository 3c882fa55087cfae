import { Problem } from '#problem';

interface Waiter {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** So many pieces of work at a time and no more; whoever comes later waits, first come first served. */
export class Slots {
  readonly #waiting = new Set<Waiter>();
  #idle: (() => void)[] = [];
  #used = 0;
  #closed = false;

  constructor(private readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  /**
   * Resolves with a slot taken, which whoever has it releases.
   * @throws the signal's reason when it aborts first, and what `dismiss` was given; Problem `shutting-down`, also for those
   *   who wait when `close` is called
   */
  async take(signal?: AbortSignal): Promise<void> {
    if (this.#closed) throw new Problem('shutting-down');
    signal?.throwIfAborted();
    if (this.#used < this.limit) this.#used++;
    else await this.#turn(signal);
  }

  /** Gives the slot to the first who waits, else back. */
  release(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      return next.resolve();
    }
    this.#used--;
    if (this.#used === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Those who wait do so no longer; who comes later may. */
  dismiss(reason: unknown): void {
    for (const { reject } of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  /** Nobody gets a slot any more. */
  close(): void {
    this.#closed = true;
    this.dismiss(new Problem('shutting-down'));
  }

  /** Resolves when no slot is used. */
  async idle(): Promise<void> {
    if (this.#used > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { resolve, reject };
    const giveUp = (): void => {
      this.#waiting.delete(waiter);
      reject(signal?.reason);
    };
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }
}
