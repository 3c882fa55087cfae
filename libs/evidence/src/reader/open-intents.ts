import { type Pool } from 'pg';

/** An intent without an outcome. */
export interface OpenIntent {
  publicLine: Buffer;
  leaf: Buffer;
}

/** At most this many in one round. */
const ROUND = 500;
/** An intent's deadline is at most ten minutes after it: what is older than this is closed or found open. */
const SETTLED_MS = 11 * 60_000;

/**
 * Finds intents of one log that a crash left without an outcome. The first round reads the whole log, later ones only what
 * can still change.
 */
export class OpenIntents {
  private from = 0;

  constructor(
    private readonly database: { pool: Pool },
    private readonly origin: string,
  ) {}

  /** Intents whose deadline passed before `before`, oldest first. */
  async find(before: Date): Promise<OpenIntent[]> {
    const { rows } = await this.database.pool.query<{ public: Buffer; leaf: Buffer }>(
      `select public, leaf from log_entry intent
        where origin = $1 and index >= $3 and kind = 'intent' and at < $2
          and (convert_from(public, 'UTF8')::jsonb ->> 'deadline')::timestamptz < $2
          and not exists (
            select from log_entry outcome
            where outcome.exchange = intent.exchange and outcome.kind = 'outcome' and outcome.origin = intent.origin)
        order by index limit ${ROUND}`,
      [this.origin, before, this.from],
    );
    if (rows.length === 0) await this.advance(new Date(before.getTime() - SETTLED_MS));
    return rows.map((row) => ({ publicLine: row.public, leaf: row.leaf }));
  }

  private async advance(settled: Date): Promise<void> {
    const { rows } = await this.database.pool.query<{ last: string | null }>(
      'select max(index) as last from log_entry where origin = $1 and index >= $2 and at < $3',
      [this.origin, this.from, settled],
    );
    if (rows[0]?.last != null) this.from = Number(rows[0].last) + 1;
  }
}
