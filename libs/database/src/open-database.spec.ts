import { describe, expect, test } from '@jest/globals';
import { useDatabaseUrl } from '#testing';
import { type Migration, openDatabase } from './index.js';

const steps: Migration[] = [
  { name: 'first', up: 'create table note (id bigint generated always as identity, text text not null)' },
  {
    name: 'a second, named before the first',
    up: "insert into note (text) values ('once'); select pg_sleep(0.2)",
  },
];

describe('opening a database', () => {
  const url = useDatabaseUrl();
  const open = (migrations = steps) => openDatabase({ url: url(), name: 'spec', migrations });

  test('runs every step once, in the order of the list, though two open it at the same time', async () => {
    const both = await Promise.all([open(), open()]);
    const third = await open();
    try {
      expect((await third.pool.query('select text from note')).rows).toEqual([{ text: 'once' }]);
      expect((await third.pool.query('select name from migrations order by id')).rows).toEqual([
        { name: 'first 0000000000001' },
        { name: 'a second, named before the first 0000000000001' },
      ]);
    } finally {
      await Promise.all([...both, third].map((database) => database.close()));
    }
  });

  test('fails when a step fails, keeps nothing of that step and leaves no connection open', async () => {
    const broken = { name: 'broken', up: 'create table half (id int); select nonsense' };
    await expect(open([...steps, broken])).rejects.toThrow('nonsense');
    const { pool, close } = await open();
    const half = await pool.query<{ there: string | null }>("select to_regclass('half') as there");
    expect(half.rows).toEqual([{ there: null }]);
    const others =
      'select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    const deadline = Date.now() + 5_000;
    let open_ = Infinity;
    while (open_ > 0 && Date.now() < deadline)
      open_ = (await pool.query<{ n: number }>(others)).rows[0]?.n ?? 0;
    expect(open_).toBeLessThanOrEqual(1); // this pool's second connection
    await close();
  });

  test('two steps of one name are refused', async () => {
    await expect(open([...steps, { name: 'first', up: 'select 1' }])).rejects.toThrow('Duplicate migrations');
  });

  test('a server that is not there rejects', async () => {
    await expect(
      openDatabase({ url: 'postgres://nobody:none@127.0.0.1:1/none', name: 'spec', migrations: [] }),
    ).rejects.toThrow('ECONNREFUSED');
  });

  test('closing it ends its pool', async () => {
    const { pool, close } = await open();
    expect((await pool.query('select text from note')).rows).toEqual([{ text: 'once' }]);
    expect(pool.totalCount).toBe(1);
    await close();
    expect(pool.ended).toBe(true);
  });

  test('its role is no superuser', async () => {
    const { pool, close } = await open();
    expect(
      (
        await pool.query(
          'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user',
        )
      ).rows,
    ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
    await close();
  });
});
