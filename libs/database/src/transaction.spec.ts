import { beforeAll, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { isConnectionLost, withTransaction } from './index.js';

describe('a transaction', () => {
  const database = useDatabase([{ name: 'note', up: 'create table note (text text)' }], { poolSize: 3 });
  const notes = async () => (await database().pool.query<{ text: string }>('select text from note')).rows;

  test('is rolled back when the work throws, and the client is used again', async () => {
    const work = withTransaction(database().pool, async (client) => {
      await client.query("insert into note values ('lost')");
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await notes()).toEqual([]);
    expect(database().pool.waitingCount).toBe(0);
  });

  test('rejects and does not crash the process when its connection is killed while checked out', async () => {
    const { pool } = database();
    const work = withTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const gone = new Promise((resolve) => client.once('end', resolve));
      await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await gone; // lost while idle inside the transaction: there is no query that could reject
      await client.query("insert into note values ('lost')");
    });
    const error = await work.catch((reason: unknown) => reason);
    expect(isConnectionLost(error)).toBe(true);
    expect(await notes()).toEqual([]);
  });

  test('commits what the work did and gives its result', async () => {
    const result = await withTransaction(database().pool, async (client) => {
      await client.query("insert into note values ('kept')");
      return 7;
    });
    expect(result).toBe(7);
    expect(await notes()).toEqual([{ text: 'kept' }]);
  });
});

describe('a lost connection', () => {
  const database = useDatabase([]);
  let statement: unknown;
  beforeAll(async () => {
    statement = await database()
      .pool.query('select nonsense')
      .catch((error: unknown) => error);
  });

  test('is told from a statement that is wrong', () => {
    expect(statement).toBeInstanceOf(Error);
    expect(isConnectionLost(statement)).toBe(false);
    expect(isConnectionLost('08006')).toBe(false);
    expect(isConnectionLost(Object.assign(new Error('x'), { code: '08006' }))).toBe(true);
    expect(isConnectionLost(Object.assign(new Error('x'), { code: '57P01' }))).toBe(true);
    expect(isConnectionLost(Object.assign(new Error('x'), { code: '57014' }))).toBe(false);
    expect(isConnectionLost(new Error('Query read timeout'))).toBe(true);
    expect(
      isConnectionLost(new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) })),
    ).toBe(true);
    expect(
      isConnectionLost(new AggregateError([Object.assign(new Error('y'), { code: 'ECONNREFUSED' })])),
    ).toBe(true);
  });
});
