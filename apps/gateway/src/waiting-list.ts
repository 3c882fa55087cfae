/** What waits together, in number and in bytes; what comes above has no room. */
const [MOST, MOST_BYTES] = [10_000, 32 * 1024 * 1024];
/** Tried at a time: enough for a log to commit them together. */
const AT_A_TIME = 16;

/** What came of a try: it is done for good, it is not yet its time, or nothing can be done now, for the others neither. */
export type Tried = 'done' | 'not-yet' | 'unable';

interface Waiting<T> {
  item: T;
  /** Milliseconds since the epoch. */
  until: number;
  bytes: number;
}

/** Things that are tried again until they are done or their time is over; bounded. */
export class WaitingList<T> {
  private waiting: Waiting<T>[] = [];
  private bytes = 0;

  get size(): number {
    return this.waiting.length;
  }

  /** @returns whether there was room for it */
  add(item: T, until: number, bytes: number): boolean {
    if (this.waiting.length >= MOST || this.bytes + bytes > MOST_BYTES) return false;
    this.waiting.push({ item, until, bytes });
    this.bytes += bytes;
    return true;
  }

  /**
   * Tries each once, a few at a time, until nothing can be done; what is not done stands behind the others the next time.
   * @param attempt must not reject
   * @param expired told of those whose time is over
   */
  async round(now: number, attempt: (item: T) => Promise<Tried>, expired: (item: T) => void): Promise<void> {
    this.drop(({ until }) => until <= now, expired);
    let tried: Tried[] = [];
    for (let left = this.waiting.length; left > 0 && !tried.includes('unable'); left -= AT_A_TIME) {
      const some = this.waiting.slice(0, Math.min(left, AT_A_TIME));
      tried = await Promise.all(some.map(({ item }) => attempt(item)));
      const done = new Set(some.filter((_, index) => tried[index] === 'done'));
      this.drop((one) => done.has(one));
      this.waiting = [
        ...this.waiting.slice(some.length - done.size),
        ...some.filter((one) => !done.has(one)),
      ];
    }
  }

  private drop(isOver: (one: Waiting<T>) => boolean, told: (item: T) => void = () => undefined): void {
    const over = this.waiting.filter(isOver);
    if (over.length === 0) return;
    this.waiting = this.waiting.filter((one) => !isOver(one));
    for (const { item, bytes } of over) {
      this.bytes -= bytes;
      told(item);
    }
  }
}
