import { type Pool } from 'pg';
import { parsePublicLine, parsePrivateLine } from '../line-codec.js';
import { type PrivateLine, type PublicLine } from '../entry.js';

/** An entry of an exchange as its own log holds it. */
export interface AskedEntry {
  leaf: Buffer;
  line: PublicLine;
  /** Absent once erased. */
  kept?: PrivateLine;
}

/** What an asker's log holds of one exchange. */
export interface AskedExchange {
  intent?: AskedEntry;
  outcome?: AskedEntry;
  acknowledgement?: AskedEntry;
}

interface EntryRow {
  kind: 'intent' | 'outcome';
  late: boolean;
  leaf: Buffer;
  public: Buffer;
  private: Buffer | null;
}

/** Unanswered exchanges told of, the newest. */
const MOST = 100_000;
/** Entries looked at in one statement. */
const CHUNK = 50_000;

/** Reads the exchanges of one gateway's log: what it asked, and what it says came of it. */
export class AskedExchanges {
  constructor(
    private readonly database: { pool: Pool },
    private readonly origin: string,
  ) {}

  /** @throws Problem `log-tampered` when a line is none */
  async of(exchange: string): Promise<AskedExchange> {
    const { rows } = await this.database.pool.query<EntryRow>({
      name: 'evidence-asked',
      text: `select kind, late, leaf, public, private from log_entry
        where exchange = $1 and origin = $2 and kind in ('intent', 'outcome')`,
      values: [exchange, this.origin],
    });
    const found: AskedExchange = {};
    for (const row of rows) found[row.late ? 'acknowledgement' : row.kind] = entryOf(row);
    return found;
  }

  /**
   * Exchanges asked since then of which the log names no answer, neither in time nor late, with the time of their intents in
   * milliseconds since the epoch; the newest 100,000. Reads the log's newest part only.
   */
  async unanswered(since: Date): Promise<Map<string, number>> {
    const size = await this.size();
    const found = new Map<string, number>();
    for (let from = await this.firstSince(since, size); from < size; from += CHUNK) {
      const { rows } = await this.database.pool.query<{ exchange: string; at: Date }>(
        `select exchange, at from log_entry intent
          where origin = $1 and index >= $2 and index < $3 and kind = 'intent'
            and not exists (
              select from log_entry outcome
              where outcome.exchange = intent.exchange and outcome.kind = 'outcome' and outcome.origin = intent.origin
                and position('"answer":'::bytea in outcome.public) > 0)
          order by index`,
        [this.origin, from, from + CHUNK],
      );
      for (const { exchange, at } of rows) found.set(exchange, at.getTime());
      for (const oldest of [...found.keys()].slice(0, Math.max(0, found.size - MOST))) found.delete(oldest);
    }
    return found;
  }

  private async size(): Promise<number> {
    const { rows } = await this.database.pool.query<{ size: string }>(
      'select size from log_head where origin = $1',
      [this.origin],
    );
    return Number(rows[0]?.size ?? 0);
  }

  /** Times never fall within a log: the first index of that time or later is found by halves. */
  private async firstSince(since: Date, size: number): Promise<number> {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { rows } = await this.database.pool.query<{ earlier: boolean }>(
        'select at < $3 as earlier from log_entry where origin = $1 and index = $2',
        [this.origin, middle, since],
      );
      if (rows[0]?.earlier) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function entryOf({ leaf, public: line, private: kept }: EntryRow): AskedEntry {
  return {
    leaf,
    line: parsePublicLine(line, 'log-tampered'),
    ...(kept && { kept: parsePrivateLine(kept, 'log-tampered') }),
  };
}
