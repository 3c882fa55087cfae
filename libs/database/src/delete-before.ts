import { type Pool } from 'pg';

/** Rows in one statement: millions would hold locks and a snapshot for minutes, and be undone at the statement's limit. */
const AT_ONCE = 5_000;

/**
 * Deletes the rows of a table whose `column` is before a moment (or a day), some at a time.
 * @returns how many
 * @throws the driver's error; what was deleted until then stays deleted
 */
export async function deleteBefore(
  pool: Pick<Pool, 'query'>,
  table: string,
  column: string,
  before: Date | string,
): Promise<number> {
  // The condition again: by its ctid alone a row would go that was renewed in between (PostgreSQL before 18.1).
  const some = `select ctid from ${table} where ${column} < $1 limit ${AT_ONCE}`;
  for (let deleted = 0; ;) {
    const { rowCount } = await pool.query(
      `delete from ${table} where ctid = any(array(${some})) and ${column} < $1`,
      [before],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < AT_ONCE) return deleted;
  }
}
