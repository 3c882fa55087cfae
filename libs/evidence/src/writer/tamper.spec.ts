import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database } from '#database';
import { useDatabase } from '#testing';
import { checkLog, evidenceMigrations, LogReader } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';

const shared = useDatabase(evidenceMigrations, { poolSize: 20 });

afterEach(closeTestLogs);

describe('a database that was changed behind the writer', () => {
  let database: Database;
  let log: LogIdentity;

  beforeEach(async () => {
    database = shared();
    log = logIdentity();
    const writer = await openTestLog(database, log);
    await Promise.all(Array.from({ length: 260 }, () => writer.append(intent())));
    await writer.close();
  });

  const change = async (sql: string) => {
    await database.pool.query('alter table log_entry disable trigger all');
    await database.pool.query(sql, [log.origin]);
    await database.pool.query('alter table log_entry enable trigger all');
  };
  const withoutConstraint = async (name: string, work: () => Promise<void>) => {
    const read = 'select pg_get_constraintdef(oid) as rule from pg_constraint where conname = $1';
    const { rows } = await database.pool.query<{ rule: string }>(read, [name]);
    await database.pool.query(`alter table log_entry drop constraint ${name}`);
    await work();
    await database.pool.query(`alter table log_entry add constraint ${name} ${rows[0]!.rule}`);
  };
  const findings = () => checkLog(database, log.origin, [log.verifier]);

  test.each([
    [
      'a public line',
      `update log_entry set public = replace(encode(public, 'escape'), '"housing-990100"', '"housing-990200"')::bytea`,
      [{ what: 'entry-changed', index: 258 }, { what: 'root-differs' }],
    ],
    [
      'a row taken out',
      'delete from log_entry',
      [{ what: 'entry-missing', index: 258 }, { what: 'root-differs' }],
    ],
  ])('in %s of the unfinished tile is never signed over, and is found', async (_, sql, expected) => {
    await change(`${sql} where index = 258 and origin = $1`);
    await expect(openTestLog(database, log)).rejects.toMatchObject({ problem: 'log-tampered' });
    expect(await findings()).toEqual(expected);
  });

  test('in a finished tile is found by its entry', async () => {
    await change(`update log_entry set leaf = sha256('x') where index = 7 and origin = $1`);
    expect(await findings()).toEqual([{ what: 'entry-changed', index: 7 }]);
    await expect(new LogReader({ database }).receipt(log.origin, 8)).resolves.toBeDefined();
  });

  test('with line and leaf rewritten together is found by tile and root, and gives no receipt', async () => {
    await change(
      `update log_entry set public = convert_to('{}', 'UTF8'), leaf = sha256('\\x007b7d') where index = 7 and origin = $1`,
    );
    expect(await findings()).toEqual([
      { what: 'entry-changed', index: 7 },
      { what: 'tile-differs', tile: '0/0' },
      { what: 'root-differs' },
    ]);
    await expect(new LogReader({ database }).receipt(log.origin, 7)).rejects.toMatchObject({
      problem: 'log-tampered',
    });
  });

  test('in a private line gives no receipt, and its neighbours theirs', async () => {
    await change(
      `update log_entry set private = (select private from log_entry where index = 6 and origin = $1) where index = 7 and origin = $1`,
    );
    const reader = new LogReader({ database });
    await expect(reader.receipt(log.origin, 7)).rejects.toMatchObject({ problem: 'log-tampered' });
    const entries = await reader.entries(log.origin, 6, 2);
    await expect(reader.prove(entries)).rejects.toMatchObject({ problem: 'log-tampered' });
    expect((await reader.prove(entries.slice(0, 1))).map((entry) => entry?.index)).toEqual([6]);
  });

  test('in its columns, its private lines or its tiles is found', async () => {
    await change(`update log_entry set kind = 'outcome' where index = 1 and origin = $1`);
    await change(`update log_entry set private = convert_to('{}', 'UTF8') where index = 2 and origin = $1`);
    await withoutConstraint('log_entry_late', () =>
      change('update log_entry set late = true where index = 3 and origin = $1'),
    );
    await database.pool.query(`delete from log_tile where origin = $1`, [log.origin]);
    expect(await findings()).toEqual([
      { what: 'columns-differ', index: 1 },
      { what: 'private-line-differs', index: 2 },
      { what: 'columns-differ', index: 3 },
      { what: 'tile-differs', tile: '0/0' },
    ]);
  });

  test('by a head of another seal, or whole rows added with a head, is not signed', async () => {
    const read = 'select size, root, seal from log_head where origin = $1';
    const head = (await database.pool.query<{ seal: Buffer }>(read, [log.origin])).rows[0]!;
    await database.pool.query(`update log_head set seal = sha256('x') where origin = $1`, [log.origin]);
    await expect(openTestLog(database, log)).rejects.toMatchObject({ problem: 'log-tampered' });
    await database.pool.query('update log_head set seal = $2, size = 261 where origin = $1', [
      log.origin,
      head.seal,
    ]);
    await expect(openTestLog(database, log)).rejects.toMatchObject({ problem: 'log-tampered' });
  });

  test('while the writer runs stops it at the next commit that sees it', async () => {
    const running = await openTestLog(database, log);
    await database.pool.query('update log_head set size = size + 1 where origin = $1', [log.origin]);
    await expect(running.append(intent())).rejects.toMatchObject({ problem: 'log-tampered' });
    expect(running.health()).toMatchObject({ state: 'stopped' });
    await expect(running.append(intent())).rejects.toMatchObject({ problem: 'log-tampered' });
    await running.close();
  });

  test('is refused without its edge file, with a damaged one, and with that of another log', async () => {
    const text = readFileSync(log.edgeFile, 'utf8');
    const open = () => openTestLog(database, log);
    for (const wrong of [text.replace('260', '259'), '', `${text}x`]) {
      writeFileSync(log.edgeFile, wrong);
      await expect(open()).rejects.toMatchObject({ problem: 'log-tampered' });
    }
    rmSync(log.edgeFile);
    await expect(open()).rejects.toMatchObject({ problem: 'log-tampered' });
    writeFileSync(log.edgeFile, text);
    await (await open()).close();
  });
});
