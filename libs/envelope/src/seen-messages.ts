import { Problem } from '#problem';
import { LONGEST_LIFE_MS, type Opened } from './opener.js';

export interface SeenMessagesOptions {
  /** Most messages remembered; default 1,000,000 (some 200 MB at worst). */
  most?: number;
}

interface Seen {
  leaf: string;
  until: number;
}

/**
 * Remembers what has been received until its deadline + 10 min (design: Binding). The same entry again is a repeat by a
 * sender in doubt, to be answered with the same reply; another entry for the same exchange of the same log is a replay.
 */
export class SeenMessages {
  private readonly seen = new Map<string, Seen>();
  private readonly most: number;

  constructor({ most = 1_000_000 }: SeenMessagesOptions = {}) {
    this.most = most;
  }

  /**
   * @param now milliseconds since the epoch
   * @throws Problem `envelope-replayed`; `overloaded` when there is no room (forgetting one too early would let it in again)
   */
  see(opened: Pick<Opened, 'publicLine' | 'entry' | 'deadline'>, now: number): 'first' | 'repeat' {
    const id = `${opened.publicLine.origin} ${opened.publicLine.exchange}`;
    const leaf = opened.entry.leaf.toString('base64');
    const known = this.seen.get(id);
    if (known !== undefined && known.until >= now) {
      if (known.leaf === leaf) return 'repeat';
      throw new Problem('envelope-replayed', { field: 'exchange' });
    }
    this.makeRoom(now);
    this.seen.delete(id);
    this.seen.set(id, { leaf, until: Date.parse(opened.deadline) + LONGEST_LIFE_MS });
    return 'first';
  }

  /** Messages remembered. */
  get size(): number {
    return this.seen.size;
  }

  /** Old ones lie in front: they are dropped from there; only a full memory is searched as a whole. */
  private makeRoom(now: number): void {
    for (const [id, { until }] of this.seen) {
      if (until >= now) break;
      this.seen.delete(id);
    }
    if (this.seen.size < this.most) return;
    for (const [id, { until }] of this.seen) if (until < now) this.seen.delete(id);
    if (this.seen.size >= this.most)
      throw new Problem('overloaded', { detail: 'no room to remember messages' });
  }
}
