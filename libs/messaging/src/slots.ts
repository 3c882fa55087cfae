import { Problem } from '#problem';

interface Waiter {
  resolve: () => void;
  reject: (problem: Problem) => void;
}

/** So many pieces of work at a time and no more; whoever comes later waits, first come first served. */
export class Slots {
  readonly #waiting: Waiter[] = [];
  #idle: (() => void)[] = [];
  #used = 0;
  #closed = false;

  constructor(private readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  /** Resolves with a slot taken. Error: `shutting-down`, also for those who wait when `close` is called. */
  async take(): Promise<void> {
    if (this.#closed) throw new Problem('shutting-down');
    if (this.#used < this.limit) this.#used++;
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Gives the slot to the first who waits, else back. */
  release(): void {
    const next = this.#waiting.shift();
    if (next) return next.resolve();
    this.#used--;
    if (this.#used === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Nobody gets a slot any more. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Problem('shutting-down'));
  }

  /** Resolves when no slot is used. */
  async idle(): Promise<void> {
    if (this.#used > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
