import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';

interface Bucket {
  tokens: number;
  at: number;
}

/** Buckets kept; a bucket that is full again says nothing and may go. */
const MOST = 10_000;

/**
 * Spreads a burst of one grant's questions over time instead of running into the provider's limit. A courtesy, not an
 * authority: each gateway instance has its own, and the provider's database decides (design: quotas).
 */
export class Smoother {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: () => number) {}

  /**
   * Waits until `subjects` fit the grant's burst (capacity `burst`, refilled by `burst` a second).
   * @param key provider, query and purpose
   * @throws Problem `burst` when that would be after the deadline; `retryAfter` says when
   */
  async take(key: string, subjects: number, burst: number, deadline: number): Promise<void> {
    if (subjects > burst) throw new Problem('burst', { field: '/subjects', extensions: { limit: burst } });
    const wait = this.reserve(key, subjects, burst);
    if (wait <= 0) return;
    if (this.clock() + wait >= deadline) {
      this.giveBack(key, subjects);
      throw new Problem('burst', { extensions: { retryAfter: Math.ceil(wait / 1000) } });
    }
    await sleep(wait);
  }

  /** Takes the tokens, below zero if need be, and says how many milliseconds until they are there. */
  private reserve(key: string, subjects: number, burst: number): number {
    const now = this.clock();
    const { tokens, at } = this.buckets.get(key) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, tokens + ((now - at) / 1000) * burst);
    this.buckets.delete(key);
    this.buckets.set(key, { tokens: refilled - subjects, at: now });
    if (this.buckets.size > MOST) this.buckets.delete(this.buckets.keys().next().value!);
    return ((subjects - refilled) / burst) * 1000;
  }

  private giveBack(key: string, subjects: number): void {
    const bucket = this.buckets.get(key);
    if (bucket) bucket.tokens += subjects;
  }
}
