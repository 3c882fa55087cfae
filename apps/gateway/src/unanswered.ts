/** Exchanges known, the newest: as many as a busy gateway asks in some minutes. */
const MOST = 100_000;

interface Awaited {
  /** Milliseconds since the epoch. */
  until: number;
  /** What was told of it. */
  told: string[];
}

/**
 * The exchanges to which a late answer may come: asked, and none is recorded. A reply to any other is nobody's, which is known
 * here without a look into the database.
 */
export class Unanswered {
  private readonly exchanges = new Map<string, Awaited>();

  get size(): number {
    return this.exchanges.size;
  }

  /** @param until when nothing can come to it any more, milliseconds since the epoch */
  add(exchange: string, until: number, now: number): void {
    this.exchanges.set(exchange, { until, told: [] });
    for (const [oldest, its] of this.exchanges) {
      if (its.until > now && this.exchanges.size <= MOST) break;
      this.exchanges.delete(oldest);
    }
  }

  /** Until when an answer may come to it; undefined: none may. */
  until(exchange: string, now: number): number | undefined {
    const until = this.exchanges.get(exchange)?.until;
    return until !== undefined && until > now ? until : undefined;
  }

  /** Whether this was not told of the exchange before; from now on it was. */
  isNews(exchange: string, word: string): boolean {
    const told = this.exchanges.get(exchange)?.told;
    if (!told || told.includes(word)) return false;
    told.push(word);
    return true;
  }

  /** Its answer is recorded. */
  remove(exchange: string): void {
    this.exchanges.delete(exchange);
  }
}
