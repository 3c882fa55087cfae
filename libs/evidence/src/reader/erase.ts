import { type Database } from '#database';
import { type ErasureOrder } from '../erasure-orders.js';

/** Pages of a table in one statement: all at once would hold locks for minutes, and be undone at the statement's limit. */
const PAGES_AT_ONCE = 500;

/**
 * When a peer wrote a line, as its text: whatever a peer signed, no conversion of it fails and stops the others'. No string of
 * canonical JSON holds an unescaped quote, and of the fields before `at` none holds others, so the first is that field.
 */
const WRITTEN = `substring(convert_from(public, 'UTF8') from '"at":"([^"]*)"') collate "C"`;

/**
 * Erases the private lines written before a time, once their retention is over: those of a log's entries, and those of
 * other nodes' entries that are kept beside the logs of this database, whichever of them they belong to. The trees and every
 * receipt stay valid: a leaf holds only the salted hash. What is erased is counted in the order, in the same statement.
 * @param signal ends it between two statements
 * @returns how many were erased now
 * @throws the driver's error, the signal's reason; what was erased until then stays erased, and counted
 */
export async function erasePrivateLines(
  { pool }: Pick<Database, 'pool'>,
  { id, origin, before }: Pick<ErasureOrder, 'id' | 'origin' | 'before'>,
  signal?: AbortSignal,
): Promise<number> {
  const own = { table: 'log_entry', condition: 'at < $4 and origin = $5', values: [before, origin] } as const;
  const peers = {
    table: 'peer_entry',
    condition: `${WRITTEN} < $4`,
    values: [before.toISOString()],
  } as const;
  return (await erase(pool, id, own, signal)) + (await erase(pool, id, peers, signal));
}

interface Erasing {
  table: 'log_entry' | 'peer_entry';
  condition: string;
  /** From $4 on. */
  values: readonly unknown[];
}

async function erase(
  pool: Database['pool'],
  id: string,
  { table, condition, values }: Erasing,
  signal?: AbortSignal,
): Promise<number> {
  const text = `with gone as (
      update ${table} set private = null
      where ctid >= format('(%s,0)', $2::bigint)::tid and ctid < format('(%s,0)', $3::bigint)::tid
        and private is not null and ${condition} returning 1)
    update erasure_order set erased = erased + (select count(*) from gone)
    where id = $1 and exists (select from gone) returning (select count(*) from gone) as gone`;
  const pages = await pagesOf(pool, table);
  let erased = 0;
  for (let page = 0; page < pages; page += PAGES_AT_ONCE) {
    signal?.throwIfAborted();
    const { rows } = await pool.query<{ gone: string }>(text, [id, page, page + PAGES_AT_ONCE, ...values]);
    erased += Number(rows[0]?.gone ?? 0);
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
