import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openPool } from '#database';
import { Problem } from '#problem';
import { useDatabaseUrl } from '#testing';
import { openSlowRoad } from './slow-road.fixture.js';
import { SourcePool } from './source-pool.js';

const url = useDatabaseUrl();
/** Only a cancellation ends it: the server is kept from noticing that its client has gone. */
const SLEEP = `select 'spec-sleep', set_config('client_connection_check_interval', '0', false), pg_sleep(60)`;

let watch: ReturnType<typeof openPool>;
let pool: SourcePool;
beforeAll(() => {
  watch = openPool({ url: url(), name: 'watch' });
});
afterAll(() => watch.end());
beforeEach(() => {
  pool = new SourcePool(url(), 'spec-source', 2);
});
afterEach(() => pool.close());

const read = (sql: string, ms = 10_000, values: unknown[] = []) =>
  pool.read<Record<string, unknown>>(sql, values, AbortSignal.timeout(ms));
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Problem ? error.problem : 'no problem'),
  );
const count = async (condition: string) =>
  (
    await watch.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${condition}`,
    )
  ).rows[0]!.n;
const sleeping = () => count(`state = 'active' and query like '%spec-sleep%'`);

/** Gives a statement up at the moment at which it runs. */
async function givenUp(work: (signal: AbortSignal) => Promise<unknown>): Promise<string> {
  const giving = new AbortController();
  const slow = problemOf(work(giving.signal));
  await until(async () => (await sleeping()) === 1);
  giving.abort();
  return Promise.race([slow, new Promise<string>((resolve) => setImmediate(resolve, 'still waiting'))]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the door to a source', () => {
  test('cannot write there', async () => {
    const error: unknown = await read('create table x (y int)').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ problem: 'source-unavailable', cause: { code: '25006' } });
  });

  test('tells a wrong statement from a slow one, and says nothing of its text', async () => {
    const error: unknown = await read('select * from 张三').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ problem: 'source-unavailable' });
    expect(JSON.stringify(error)).not.toContain('张三');
  });

  test('gives a slow statement up at once, and ends it on the server', async () => {
    expect(await givenUp((signal) => pool.read(SLEEP, [], signal))).toBe('source-timeout');
    await until(async () => (await sleeping()) === 0);
    await until(async () => (await count(`application_name = 'spec-source'`)) === 0);
  });

  test('ends a statement that reaches the server after its cancellation', async () => {
    const slow = await openSlowRoad(url(), 'spec-sleep', 300);
    const far = new SourcePool(slow.url, 'spec-far', 1);
    await far.read('select 1', [], AbortSignal.timeout(10_000));
    const giving = new AbortController();
    const work = problemOf(far.read(SLEEP, [], giving.signal));
    await slow.holding;
    giving.abort();
    expect(await work).toBe('source-timeout');
    await slow.passed;
    await far.close();
    await until(async () => (await count(`application_name = 'spec-far'`)) === 0);
    await slow.close();
  });

  test('cancels only what was given up: the next statement runs to its end', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [slow, next] = [problemOf(read(SLEEP, 20)), read('select pg_sleep(0.1), 7 as seven')];
      expect([await slow, (await next)[0]?.['seven']]).toEqual(['source-timeout', 7]);
    }
  });

  test('gives up while it waits for a connection, and has all of them again afterwards', async () => {
    const stuck = Array.from({ length: 6 }, () => problemOf(read(SLEEP, 300)));
    expect(await Promise.all(stuck)).toEqual(stuck.map(() => 'source-timeout'));
    await until(async () => (await sleeping()) === 0);
    const both = await Promise.all([read('select 1 as one'), read('select 1 as one')]);
    expect(both).toEqual([[{ one: 1 }], [{ one: 1 }]]);
  });

  test('goes on after its connections were cut', async () => {
    const cut = problemOf(read(SLEEP, 60_000));
    await until(async () => (await sleeping()) === 1);
    await watch.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'spec-source'`,
    );
    expect(await cut).toBe('source-unavailable');
    expect(await read('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('closes only when what was given up has ended', async () => {
    const other = new SourcePool(url(), 'spec-other', 2);
    expect(await givenUp((signal) => other.read(SLEEP, [], signal))).toBe('source-timeout');
    await other.close();
    await until(async () => (await count(`application_name like 'spec-other%'`)) === 0);
    expect(await sleeping()).toBe(0);
  });

  test("keeps the agency's own connection options, and has the server notice a killed adapter", async () => {
    const own = new SourcePool(`${url()}?options=-c%20search_path%3Down`, 'spec-own', 2);
    const rows = await own.read(
      `select current_setting('search_path') as path, current_setting('transaction_read_only') as fixed,
              current_setting('client_connection_check_interval') as "goneAfter"`,
      [],
      AbortSignal.timeout(5_000),
    );
    expect(rows).toEqual([{ path: 'own', fixed: 'on', goneAfter: '1s' }]);
    await own.close();
  });
});
