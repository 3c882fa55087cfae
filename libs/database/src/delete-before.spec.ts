import { describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { deleteBefore, withOptions } from './index.js';

describe('deleting what is before a moment', () => {
  const database = useDatabase([{ name: 'old', up: 'create table old (n int, until timestamptz)' }]);

  test('takes every row before it, in many statements, and no other', async () => {
    await database().pool.query(
      `insert into old select n, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second' from generate_series(0, 12999) n`,
    );
    const before = new Date('2026-01-01T03:20:00Z');
    const { rows: expected } = await database().pool.query<{ n: string }>(
      'select count(*) as n from old where until < $1',
      [before],
    );
    expect(await deleteBefore(database().pool, 'old', 'until', before)).toBe(Number(expected[0]!.n));
    const { rows } = await database().pool.query('select min(until) >= $1 as kept from old', [before]);
    expect([Number(expected[0]!.n) > 10_000, rows]).toEqual([true, [{ kept: true }]]);
    expect(await deleteBefore(database().pool, 'old', 'until', before)).toBe(0);
  });
});

describe('settings of a session', () => {
  test('come behind those that the URL has', () => {
    const added = '-c client_connection_check_interval=1s';
    expect(new URL(withOptions('postgres://a@b:1/c', added)).searchParams.get('options')).toBe(added);
    const own = 'postgres://a@b:1/c?options=-c%20search_path%3Down&sslmode=require';
    const { searchParams } = new URL(withOptions(own, added));
    expect([searchParams.get('options'), searchParams.get('sslmode')]).toEqual([
      `-c search_path=own ${added}`,
      'require',
    ]);
    const socket = 'postgres://u:p@/db?host=/run/postgresql';
    expect(
      withOptions(socket, added).startsWith('postgres://u:p@/db?host=%2Frun%2Fpostgresql&options='),
    ).toBe(true);
  });

  test('hold on a pipelined pool: what its client leaves behind ends by itself', async () => {
    const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    const { rows } = await database().pool.query<{ name: string; setting: string }>(
      'select name, setting from pg_settings where name = any($1) order by name',
      [[...names, 'client_connection_check_interval']],
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      client_connection_check_interval: '1000',
      idle_in_transaction_session_timeout: '5000',
      lock_timeout: '2000',
      statement_timeout: '4500',
    });
  });

  const database = useDatabase([]);
});
