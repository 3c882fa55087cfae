import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProgram, usePostgres } from '#testing';
import {
  attachEmbeddedPostgres,
  isConnectionLost,
  openDatabase,
  openPool,
  startEmbeddedPostgres,
} from './index.js';

const QUICK = { fsync: 'off' };

describe('an embedded PostgreSQL', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-embedded-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('gives its roles passwords of their own and lets nobody in without', async () => {
    const server = await startEmbeddedPostgres({ dir, settings: QUICK });
    const url = await server.createDatabase('housing');
    expect(await server.createDatabase('housing')).toBe(url);
    await server.createDatabase('hrss');
    const refused = [url.replace(/:[^:@]+@/, ':wrong@'), server.url('hrss', 'housing')];
    for (const wrong of refused) {
      const pool = openPool({ url: wrong, name: 'spec' });
      await expect(pool.query('select 1')).rejects.toThrow(
        /password authentication failed|permission denied/,
      );
      await pool.end();
    }
    await expect(server.createDatabase('x"; drop database housing; --')).rejects.toMatchObject({
      problem: 'database-unavailable',
    });
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  test('opens the same cluster again, on any port, with the same databases', async () => {
    const server = await startEmbeddedPostgres({ dir, settings: QUICK });
    const { pool, close } = await openDatabase({
      url: server.url('housing', 'housing'),
      name: 'spec',
      migrations: [],
    });
    expect((await pool.query('select current_user as role')).rows).toEqual([{ role: 'housing' }]);
    await close();
    expect(await attachEmbeddedPostgres(dir)).toMatchObject({ port: server.port, pid: server.pid });
    await expect(startEmbeddedPostgres({ dir, settings: QUICK })).rejects.toMatchObject({
      problem: 'database-unavailable',
    });
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
    expect(await attachEmbeddedPostgres(dir)).toBeUndefined();
  });

  test('a setting that PostgreSQL refuses is a problem, not a hang', async () => {
    const started = startEmbeddedPostgres({ dir, settings: { max_connections: 'many' } });
    await expect(started).rejects.toMatchObject({ problem: 'database-unavailable' });
  });
});

describe('when the program that started it is killed', () => {
  const program = (dir: string, ephemeral: boolean) => `
    import { startEmbeddedPostgres } from '#database';
    const server = await startEmbeddedPostgres({ dir: ${JSON.stringify(dir)}, settings: { fsync: 'off' }, ephemeral: ${ephemeral} });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;

  test.each([true, false])(
    'with kill -9, no postgres stays behind (files go only when ephemeral: %s)',
    async (ephemeral) => {
      const dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-killed-'));
      const child = startProgram(program(dir, ephemeral));
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const pid = Number(String(line));
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await until(() => !isAlive(pid));
      if (ephemeral) await until(() => !existsSync(dir));
      else expect(existsSync(join(dir, 'data', 'PG_VERSION'))).toBe(true);
      await rm(dir, { recursive: true, force: true });
    },
  );
});

describe('after an immediate stop', () => {
  const postgres = usePostgres();

  test('is PostgreSQL 18 with all on that makes what it acknowledges last', async () => {
    const pool = openPool({ url: postgres.url(), name: 'spec' });
    const { rows } = await pool.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version') order by name`,
    );
    await pool.end();
    expect(rows.map(({ name, setting }) => `${name} ${setting.replace(/^(18)\..*/, '$1')}`)).toEqual([
      ...['fsync on', 'full_page_writes on', 'server_version 18', 'synchronous_commit on'],
    ]);
  });

  test('a pool rejects meanwhile, works again after the restart, and committed rows are there', async () => {
    const { pool, close } = await openDatabase({
      url: postgres.url(),
      name: 'spec',
      migrations: [{ name: 'note', up: 'create table note (text text)' }],
    });
    await pool.query("insert into note values ('committed')");
    const held = await pool.connect();
    await held.query("begin; insert into note values ('not committed')");
    await postgres.crash();
    for (const query of [() => held.query('commit'), () => pool.query('select 1')]) {
      const error = await query().catch((reason: unknown) => reason);
      expect(isConnectionLost(error)).toBe(true);
    }
    held.release(true);
    await postgres.start();
    expect((await pool.query('select text from note')).rows).toEqual([{ text: 'committed' }]);
    await close();
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('it did not become true in 10 s');
  }
}
