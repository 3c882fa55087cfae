/** What waits together, in number and in bytes; what comes above has no room. */
const [MOST, MOST_BYTES] = [10_000, 32 * 1024 * 1024];
/** Tried at a time: enough for a log to commit them together. */
const AT_A_TIME = 16;

/**
 * What came of a try: it is done for good, it is not yet its time, it was not tried and keeps its turn, or nothing can be done
 * now, for the others neither.
 */
export type Tried = 'done' | 'not-yet' | 'passed-over' | 'unable';

interface Waiting {
  /** Milliseconds since the epoch. */
  until: number;
  bytes: number;
}

/** Things that are tried again until they are done or their time is over, each of them once; bounded. */
export class WaitingList<T> {
  private readonly waiting = new Map<T, Waiting>();
  private bytes = 0;

  get size(): number {
    return this.waiting.size;
  }

  /**
   * @param share of all room that may be filled with it: the rest is for others
   * @returns whether there was room for it
   */
  add(item: T, until: number, bytes: number, share = 1): boolean {
    if (this.waiting.size >= share * MOST || this.bytes + bytes > share * MOST_BYTES) return false;
    this.waiting.set(item, { until, bytes });
    this.bytes += bytes;
    return true;
  }

  /** What waits weighs more now, or less. @returns whether there is room for that; if not, it counts as before */
  weigh(item: T, bytes: number, share = 1): boolean {
    const one = this.waiting.get(item);
    if (!one) return true;
    const more = bytes - one.bytes;
    if (more > 0 && this.bytes + more > share * MOST_BYTES) return false;
    one.bytes = bytes;
    this.bytes += more;
    return true;
  }

  /**
   * Tries each once, a few at a time, until nothing can be done; what is not done stands behind the others the next time.
   * @param attempt must not reject
   * @param expired told of those whose time is over
   */
  async round(now: number, attempt: (item: T) => Promise<Tried>, expired: (item: T) => void): Promise<void> {
    this.expire(now, expired);
    const turn = [...this.waiting.keys()];
    let tried: Tried[] = [];
    for (let at = 0; at < turn.length && !tried.includes('unable'); at += AT_A_TIME) {
      const some = turn.slice(at, at + AT_A_TIME);
      tried = await Promise.all(some.map(attempt));
      for (const [index, item] of some.entries()) {
        if (tried[index] === 'passed-over') continue;
        const one = this.remove(item);
        if (tried[index] !== 'done' && one) this.putLast(item, one);
      }
    }
  }

  private expire(now: number, told: (item: T) => void): void {
    for (const [item, { until }] of this.waiting) {
      if (until > now) continue;
      this.remove(item);
      told(item);
    }
  }

  private remove(item: T): Waiting | undefined {
    const one = this.waiting.get(item);
    this.waiting.delete(item);
    this.bytes -= one?.bytes ?? 0;
    return one;
  }

  private putLast(item: T, one: Waiting): void {
    this.waiting.set(item, one);
    this.bytes += one.bytes;
  }
}
