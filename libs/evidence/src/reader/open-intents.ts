import { type Pool } from 'pg';
import { parsePublicLine } from '../line-codec.js';

/** An intent without an outcome. */
export interface OpenIntent {
  publicLine: Buffer;
  leaf: Buffer;
}

interface IntentRow {
  exchange: string;
  public: Buffer;
  leaf: Buffer;
}

/** At most this many in one round. */
const ROUND = 500;
/** Entries looked at in one statement. */
const CHUNK = 50_000;

/**
 * Finds intents of one log that a crash left without an outcome. Each entry is looked at once: the first round reads the whole
 * log, later ones what was added since; what was still under way then is kept in mind until it is closed.
 */
export class OpenIntents {
  /** Entries below this index were looked at. */
  private from = 0;
  private readonly open = new Map<string, OpenIntent & { deadline: number }>();

  constructor(
    private readonly database: { pool: Pool },
    private readonly origin: string,
  ) {}

  /** Intents whose deadline passed before `before`, oldest first. */
  async find(before: Date): Promise<OpenIntent[]> {
    await this.look();
    const due = [...this.open].filter(([, { deadline }]) => deadline < before.getTime()).slice(0, ROUND);
    const closed = await this.closed(due.map(([exchange]) => exchange));
    for (const exchange of closed) this.open.delete(exchange);
    return due
      .filter(([exchange]) => !closed.has(exchange))
      .map(([, { publicLine, leaf }]) => ({ publicLine, leaf }));
  }

  private async look(): Promise<void> {
    const { rows } = await this.database.pool.query<{ size: string }>(
      'select size from log_head where origin = $1',
      [this.origin],
    );
    for (const size = Number(rows[0]?.size ?? 0); this.from < size;) {
      const end = Math.min(size, this.from + CHUNK);
      for (const row of await this.withoutOutcome(this.from, end)) this.remember(row);
      this.from = end;
    }
  }

  private remember({ exchange, public: publicLine, leaf }: IntentRow): void {
    const { deadline } = parsePublicLine(publicLine, 'log-tampered');
    this.open.set(exchange, { publicLine, leaf, deadline: Date.parse(deadline ?? '') });
  }

  private async withoutOutcome(from: number, end: number): Promise<IntentRow[]> {
    const { rows } = await this.database.pool.query<IntentRow>(
      `select exchange, public, leaf from log_entry intent
        where origin = $1 and index >= $2 and index < $3 and kind = 'intent'
          and not exists (
            select from log_entry outcome
            where outcome.exchange = intent.exchange and outcome.kind = 'outcome' and outcome.origin = intent.origin
              and not outcome.late)
        order by index`,
      [this.origin, from, end],
    );
    return rows;
  }

  private async closed(exchanges: readonly string[]): Promise<Set<string>> {
    if (exchanges.length === 0) return new Set();
    const { rows } = await this.database.pool.query<{ exchange: string }>(
      "select exchange from log_entry where exchange = any($1::uuid[]) and kind = 'outcome' and origin = $2 and not late",
      [exchanges, this.origin],
    );
    return new Set(rows.map(({ exchange }) => exchange));
  }
}
