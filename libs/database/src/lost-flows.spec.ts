import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useDatabaseUrl } from '#testing';
import { Proxy } from '../../../test/support/proxy.js';
import { Batcher, isConnectionLost, openDatabase, withTransaction, type Database } from './index.js';

const url = useDatabaseUrl();
let proxy: Proxy;
let database: Database;

beforeAll(async () => {
  const { hostname: host, port } = new URL(url());
  proxy = await Proxy.open(() => ({ host, port: Number(port) }));
  database = await openDatabase({ url: proxy.urlOf(url()), name: 'spec', migrations: [] });
});
afterAll(async () => {
  await database.close();
  await proxy.close();
});

/** Uses so many connections at once, which lie idle then. */
const warm = (count: number) =>
  Promise.all(Array.from({ length: count }, () => database.pool.query('select pg_sleep(0.05)')));

async function timed(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const begun = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - begun };
}

describe('a database behind a network that has forgotten its connections', () => {
  test('costs one statement five seconds, and the next ones nothing', async () => {
    await warm(6);
    proxy.forget();
    const batcher = new Batcher(async (items: readonly number[]) => {
      await database.pool.query('select 1');
      return items;
    }, 10);
    const { error, ms } = await timed(batcher.add(1, 1));
    expect(isConnectionLost(error)).toBe(true);
    expect(ms).toBeLessThan(6_000);
    const next = await timed(Promise.all([2, 3, 4].map((item) => batcher.add(item, 1))));
    expect(next).toMatchObject({ error: undefined });
    expect(next.ms).toBeLessThan(1_000);
  }, 20_000);

  test('fails a transaction, with everything that was sent in it, and keeps no client', async () => {
    const { pool } = database;
    const sent: Promise<unknown>[] = [];
    const work = withTransaction(pool, async (client) => {
      await client.query('select 1');
      proxy.forget();
      for (let n = 0; n < 3; n++) sent.push(timed(client.query('select pg_sleep(0)')));
      await Promise.all(sent);
      await client.query('select 2');
    });
    const { error, ms } = await timed(work);
    expect(isConnectionLost(error)).toBe(true);
    expect(ms).toBeLessThan(6_000);
    for (const { error: lost } of (await Promise.all(sent)) as { error: unknown }[])
      expect(isConnectionLost(lost)).toBe(true);
    expect((await timed(pool.query('select 1'))).error).toBeUndefined();
    expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
  }, 20_000);
});

test('a step of a schema may take as long as it needs', async () => {
  const slow = { name: 'slow', up: 'select pg_sleep(5.5)' };
  await (await openDatabase({ url: url(), name: 'spec', migrations: [slow] })).close();
}, 20_000);
