import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Pool, type PoolClient } from 'pg';
import { useDatabaseUrl } from '#testing';
import { bringUpToDate, type Migration } from './migration.js';
import { openDatabase, openPool, type Database } from './open-database.js';

const before: Migration[] = [{ name: 'note', up: 'create table note (text text not null)' }];
const after: Migration[] = [
  ...before,
  { name: 'other', up: 'create table other (id int)' },
  { name: 'late', up: 'alter table note add column late boolean not null default false' },
];

describe('bringing a schema up to date while a backup reads a table that changes', () => {
  const url = useDatabaseUrl();
  let running: Database;
  let pool: Pool;
  let backup: PoolClient;
  beforeEach(async () => {
    running = await openDatabase({ url: url(), name: 'running', migrations: before });
    pool = openPool({ url: url(), name: 'backup' });
    backup = await pool.connect();
    await backup.query('begin; lock table note in access share mode'); // as pg_dump does, until it ends
  });
  afterEach(async () => {
    backup.release();
    await pool.end();
    await running.close();
  });

  const migrate = (tries: number) =>
    bringUpToDate(openPool({ url: url(), name: 'spec' }), after, { tries, pauseMs: 300 });

  test('is given up after so many tries, and says why', async () => {
    await expect(migrate(2)).rejects.toMatchObject({
      problem: 'database-unavailable',
      detail: expect.stringContaining('somebody holds a table') as unknown,
    });
    const { rows } = await running.pool.query("select to_regclass('other')::text as other");
    expect(rows).toEqual([{ other: 'other' }]); // what comes before it is done, and stays
  }, 20_000);

  test('lets those read and write who are running, and is done when the backup is', async () => {
    let isDone = false;
    const migration = migrate(50).then(() => (isDone = true));
    for (const end = Date.now() + 4_000; Date.now() < end; await sleep(20)) {
      await running.pool.query("insert into note values ('meanwhile')");
      await running.pool.query('select text from note');
    }
    expect(isDone).toBe(false);
    await backup.query('commit');
    await migration;
    const { rows } = await running.pool.query('select late from note limit 1');
    expect(rows).toEqual([{ late: false }]);
  }, 20_000);
});
