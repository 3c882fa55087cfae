import { beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type QueryConfig } from 'pg';
import { type Database } from '#database';
import { useDatabase } from '#testing';
import { CallRows, type NewCall } from './call-rows.js';
import { callMigrations } from './migrations.js';

const NOW = Date.parse('2026-11-21T02:00:00Z');
const database = useDatabase(callMigrations);

let rows: CallRows;

beforeEach(() => {
  rows = new CallRows(database(), () => NOW);
});

function newCall(requestId: string, expires = NOW + 60_000): NewCall {
  return {
    requester: 'housing-990100',
    requestId,
    call: randomUUID(),
    bodyDigest: Buffer.alloc(32, 1),
    expires: new Date(expires),
  };
}

describe('the table of calls', () => {
  test('gives each request id to one call, however many claim it at once and by however many gateways', async () => {
    const other = new CallRows(database(), () => NOW);
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const calls = [...ids, ...ids, ...[...ids].reverse(), ...ids].map((id) => newCall(id));
    const won = await Promise.all(calls.map((call, index) => (index % 3 === 0 ? other : rows).claim(call)));
    const winners = calls.filter((_, index) => won[index]);
    expect(winners.map(({ requestId }) => requestId).sort()).toEqual([...ids].sort());
    const found = await Promise.all(winners.map((call) => rows.find(call)));
    expect(found.map((row) => row?.call)).toEqual(winners.map(({ call }) => call));
  });

  test('gives an id again once its call has expired, without the old answer', async () => {
    const first = newCall(randomUUID(), NOW - 1);
    expect(await rows.claim(first)).toBe(true);
    await rows.keep(first, Buffer.from('old answer'));
    const second = newCall(first.requestId);
    expect(await rows.claim(second)).toBe(true);
    expect(await rows.find(second)).toEqual({
      call: second.call,
      body_digest: second.bodyDigest,
      answer: null,
      expires: second.expires,
    });
  });

  test('keeps each of many answers with its own call', async () => {
    const calls = Array.from({ length: 30 }, () => newCall(randomUUID()));
    await Promise.all(calls.map((call) => rows.claim(call)));
    await Promise.all(calls.map((call) => rows.keep(call, Buffer.from(call.call))));
    const found = await Promise.all(calls.map((call) => rows.find(call)));
    expect(found.map((row) => row?.answer?.toString())).toEqual(calls.map(({ call }) => call));
  });

  test('keeps no answer under an id that another call has taken over', async () => {
    const first = newCall(randomUUID(), NOW - 1);
    const second = newCall(first.requestId);
    await rows.claim(first);
    await rows.claim(second);
    await rows.keep(first, Buffer.from('old answer'));
    expect(await rows.find(second)).toMatchObject({ call: second.call, answer: null });
  });

  test('keeps answers at once in statements of at most 200 calls and 4 MiB', async () => {
    const batches: number[] = [];
    const { pool } = database();
    const query = async (statement: QueryConfig): Promise<unknown> => {
      if (statement.name === 'calls-keep') batches.push((statement.values![0] as string[]).length);
      return pool.query(statement);
    };
    const counted = new CallRows({ pool: { query } } as unknown as Pick<Database, 'pool'>, () => NOW);
    const calls = Array.from({ length: 320 }, () => newCall(randomUUID()));
    await Promise.all(calls.map((call) => counted.claim(call)));
    const size = (index: number): number => (index < 12 ? 1024 * 1024 : 10);
    await Promise.all(calls.map((call, index) => counted.keep(call, Buffer.alloc(size(index), 1))));
    expect(batches).toEqual([1, 4, 4, 53, 200, 58]);
    const kept = await Promise.all(calls.map((call) => rows.find(call)));
    expect(kept.map((row) => row?.answer?.length)).toEqual(calls.map((_, index) => size(index)));
  });

  test('releases a call, but not one that has taken its place', async () => {
    const call = newCall(randomUUID());
    await rows.claim(call);
    await rows.release(call, randomUUID());
    expect(await rows.find(call)).toBeDefined();
    await rows.release(call, call.call);
    expect(await rows.find(call)).toBeUndefined();
  });
});
