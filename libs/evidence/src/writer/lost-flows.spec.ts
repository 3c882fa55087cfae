import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '#database';
import { useDatabaseUrl } from '#testing';
import { Proxy } from '../../../../test/support/proxy.js';
import { checkLog, evidenceMigrations } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const url = useDatabaseUrl();
let proxy: Proxy;
let database: Database;

beforeAll(async () => {
  const { hostname: host, port } = new URL(url());
  proxy = await Proxy.open(() => ({ host, port: Number(port) }));
  database = await openDatabase({ url: proxy.urlOf(url()), name: 'spec', migrations: evidenceMigrations });
});
afterEach(closeTestLogs);
afterAll(async () => {
  await database.close();
  await proxy.close();
});

test('a writer whose network has forgotten all connections writes again within seconds, with the lease of one', async () => {
  const { pool } = database;
  const identity = logIdentity();
  const log = await openTestLog(database, identity);
  for (let round = 0; round < 2; round++) {
    await Promise.all(Array.from({ length: 5 }, () => pool.query('select pg_sleep(0.05)'))); // left idle
    await log.append(intent());
    proxy.forget();
    const begun = performance.now();
    const refusals = await refusedUntilRecorded(() => log.append(intent()));
    expect(new Set(refusals)).toEqual(new Set(['log-unavailable']));
    expect(performance.now() - begun).toBeLessThan(4_000);
  }
  expect(log.health().state).toBe('writing');
  const { rows } = await pool.query(
    `select count(*)::int as n from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  expect(rows).toEqual([{ n: 1 }]);
  await log.close();
  expect(await checkLog(database, identity.origin, [identity.verifier])).toEqual([]);
}, 30_000);

async function refusedUntilRecorded(append: () => Promise<unknown>): Promise<string[]> {
  for (const refusals: string[] = []; ;) {
    try {
      await append();
      return refusals;
    } catch (error) {
      refusals.push((error as { problem: string }).problem);
    }
  }
}
