import { type Database } from '#database';

/**
 * Highest number of a bundle that an agency's own logs record; 0: none. Who can write the database cannot lower it without
 * the logs' checks showing it.
 */
export async function newestRecorded({ pool }: Pick<Database, 'pool'>, agency: string): Promise<number> {
  const { rows } = await pool.query<{ newest: string }>(
    `select coalesce(max((convert_from(public, 'UTF8')::jsonb ->> 'bundle')::bigint), 0) as newest
      from log_entry where kind = 'scheme' and starts_with(origin, $1)`,
    [`${agency}/`],
  );
  return Number(rows[0]!.newest);
}

/**
 * Whether an agency's own logs record this very bundle. An entry whose private line is erased, or was lost with the database
 * and refilled from the mirror, tells the number alone: then that is enough.
 */
export async function isRecorded(
  { pool }: Pick<Database, 'pool'>,
  agency: string,
  { bundle, sha256 }: { bundle: number; sha256: string },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select 1 from log_entry where kind = 'scheme' and starts_with(origin, $1)
      and convert_from(public, 'UTF8')::jsonb -> 'bundle' = to_jsonb($2::bigint)
      and (private is null or convert_from(private, 'UTF8')::jsonb #>> '{note,sha256}' = $3) limit 1`,
    [`${agency}/`, bundle, sha256],
  );
  return rowCount === 1;
}
