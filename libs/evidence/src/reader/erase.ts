import { type Database } from '#database';

/**
 * Erases the private lines of a log's entries written before a time, once their retention is over. The tree and every
 * receipt stay valid: the leaf holds only the salted hash. @returns how many were erased
 */
export async function erasePrivateLines(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  before: Date,
): Promise<number> {
  const { rowCount } = await pool.query(
    'update log_entry set private = null where origin = $1 and at < $2 and private is not null',
    [origin, before],
  );
  return rowCount ?? 0;
}
