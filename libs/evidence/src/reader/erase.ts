import { type Database } from '#database';

/** Pages of a table in one statement: all at once would hold locks for minutes, and be undone at the statement's limit. */
const PAGES_AT_ONCE = 500;

/**
 * Erases the private lines written before a time, once their retention is over: those of a log's entries, and those of
 * other nodes' entries that are kept beside the logs of this database, whichever of them they belong to. The trees and every
 * receipt stay valid: a leaf holds only the salted hash.
 * @param signal ends it between two statements
 * @returns how many were erased
 * @throws the driver's error, the signal's reason; what was erased until then stays erased
 */
export async function erasePrivateLines(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  before: Date,
  signal?: AbortSignal,
): Promise<number> {
  const own = { table: 'log_entry', condition: 'at < $1 and origin = $4', values: [origin] } as const;
  const written = `(convert_from(public, 'UTF8')::jsonb ->> 'at')::timestamptz`;
  const peers = { table: 'peer_entry', condition: `${written} < $1`, values: [] } as const;
  return (await erase(pool, own, before, signal)) + (await erase(pool, peers, before, signal));
}

interface Erasing {
  table: 'log_entry' | 'peer_entry';
  condition: string;
  /** From $4 on. */
  values: readonly string[];
}

async function erase(
  pool: Database['pool'],
  { table, condition, values }: Erasing,
  before: Date,
  signal?: AbortSignal,
): Promise<number> {
  const text = `update ${table} set private = null
    where ctid >= format('(%s,0)', $2::bigint)::tid and ctid < format('(%s,0)', $3::bigint)::tid
      and private is not null and ${condition}`;
  const pages = await pagesOf(pool, table);
  let erased = 0;
  for (let page = 0; page < pages; page += PAGES_AT_ONCE) {
    signal?.throwIfAborted();
    const { rowCount } = await pool.query(text, [before, page, page + PAGES_AT_ONCE, ...values]);
    erased += rowCount ?? 0;
  }
  return erased;
}

/** What is written meanwhile, and moved by the erasing, lies behind them. */
async function pagesOf(pool: Database['pool'], table: string): Promise<number> {
  const { rows } = await pool.query<{ pages: string }>(
    `select pg_relation_size($1::regclass) / current_setting('block_size')::int as pages`,
    [table],
  );
  return Number(rows[0]!.pages);
}
