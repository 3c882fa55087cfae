/** Bounds of one group commit. */
export interface BatchLimits {
  /** Most entries in one transaction. */
  max: number;
  /** Longest that a draft waits for company, milliseconds. */
  waitMs: number;
}

/**
 * Gathers what callers push into groups, one group in work at a time. A lone caller waits for the next turn of the event
 * loop only; when the last group was larger than what is queued now, its callers are likely on their way back, and the
 * group waits for them up to `waitMs`.
 */
export class Batcher<T> {
  private queue: T[] = [];
  private lastSize = 1;
  private scheduled = false;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param run must not reject: it settles every item itself
   * @param endsGroup whether nothing may follow an item in its group
   */
  constructor(
    private readonly run: (items: T[]) => Promise<void>,
    private readonly limits: BatchLimits,
    private readonly endsGroup: (item: T) => boolean = () => false,
  ) {}

  get length(): number {
    return this.queue.length;
  }

  push(item: T): void {
    this.queue.push(item);
    if (this.queue.length >= this.limits.max) this.hurry();
    this.schedule();
  }

  /** Takes back everything that has not been started. */
  drain(): T[] {
    return this.queue.splice(0);
  }

  /** Resolves once nothing is queued or in work. */
  async idle(): Promise<void> {
    while (this.scheduled || this.running) await (this.running ?? new Promise(setImmediate));
  }

  private schedule(): void {
    if (this.scheduled || this.running) return;
    this.scheduled = true;
    setImmediate(() => {
      if (this.queue.length * 2 >= this.lastSize) this.start();
      else this.timer = setTimeout(() => this.start(), this.limits.waitMs);
    });
  }

  private hurry(): void {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.start();
  }

  private start(): void {
    this.timer = undefined;
    this.scheduled = false;
    const last = this.queue.slice(0, this.limits.max).findIndex(this.endsGroup);
    const items = this.queue.splice(0, last < 0 ? this.limits.max : last + 1);
    if (items.length === 0) return;
    this.lastSize = items.length;
    this.running = this.run(items).finally(() => {
      this.running = undefined;
      if (this.queue.length > 0) this.schedule();
    });
  }
}
