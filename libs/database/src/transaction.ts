import { type Pool, type PoolClient } from 'pg';

/**
 * Runs `work` in one transaction and commits it; rolls back and rethrows when it throws. A client whose connection broke
 * is destroyed instead of going back to the pool. When the connection is lost during the commit it is not known whether
 * it took place: `isConnectionLost` of the error tells, and the work must be one that can be repeated.
 */
export async function withTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = await rollback(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The error that makes the client unusable, if any. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed', { cause: error });
  }
}
