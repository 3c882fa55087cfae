import { type Database } from '#database';

/** Pages of a table in one statement: all at once would hold locks for minutes, and be undone at the statement's limit. */
const PAGES_AT_ONCE = 500;

/**
 * Erases the private lines written before a time, once their retention is over: those of a log's entries, and those of
 * other nodes' entries that are kept beside the logs of this database, whichever of them they belong to. The trees and every
 * receipt stay valid: a leaf holds only the salted hash.
 * @returns how many were erased
 * @throws the driver's error; what was erased until then stays erased
 */
export async function erasePrivateLines(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  before: Date,
): Promise<number> {
  const own = await erase(pool, 'log_entry', 'at < $1 and origin = $4', [before, origin]);
  const written = `(convert_from(public, 'UTF8')::jsonb ->> 'at')::timestamptz`;
  return own + (await erase(pool, 'peer_entry', `${written} < $1`, [before]));
}

async function erase(
  pool: Database['pool'],
  table: 'log_entry' | 'peer_entry',
  condition: string,
  [before, ...more]: readonly [Date, ...string[]],
): Promise<number> {
  const text = `update ${table} set private = null
    where ctid >= format('(%s,0)', $2::bigint)::tid and ctid < format('(%s,0)', $3::bigint)::tid
      and private is not null and ${condition}`;
  const pages = await pagesOf(pool, table);
  let erased = 0;
  for (let page = 0; page < pages; page += PAGES_AT_ONCE) {
    const { rowCount } = await pool.query(text, [before, page, page + PAGES_AT_ONCE, ...more]);
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
