import { type Database } from '#database';

/**
 * Erases the private lines written before a time, once their retention is over: those of a log's entries, and those of
 * other nodes' entries that are kept beside the logs of this database, whichever of them they belong to. The trees and every
 * receipt stay valid: a leaf holds only the salted hash. @returns how many were erased
 */
export async function erasePrivateLines(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  before: Date,
): Promise<number> {
  const { rows } = await pool.query<{ erased: number }>(
    `with own as (
        update log_entry set private = null where origin = $1 and at < $2 and private is not null returning 1
      ), peers as (
        update peer_entry set private = null
        where private is not null and (convert_from(public, 'UTF8')::jsonb ->> 'at')::timestamptz < $2 returning 1
      )
      select (select count(*) from own)::int + (select count(*) from peers)::int as erased`,
    [origin, before],
  );
  return rows[0]!.erased;
}
