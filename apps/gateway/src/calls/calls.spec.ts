import { beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type QueryConfig } from 'pg';
import { type Database } from '#database';
import { AnswerCipher } from '#node';
import { Problem } from '#problem';
import { manualClock, useDatabase } from '#testing';
import { type Answered } from '../pipeline/answered.js';
import { type Call } from '../pipeline/call.js';
import { Calls } from './calls.js';
import { callMigrations } from './migrations.js';

const database = useDatabase(callMigrations);
const clock = manualClock('2026-11-21T02:00:00.000Z');
const cipher = new AnswerCipher(Buffer.alloc(32, 7));

let warned: unknown[];
let away: boolean;
let calls: Calls;

beforeEach(() => {
  [warned, away] = [[], false];
  const { pool } = database();
  const query = (statement: QueryConfig): Promise<unknown> =>
    away && statement.name === 'calls-keep' ? Promise.reject(new Error('away')) : pool.query(statement);
  const failing = { pool: { query } } as unknown as Database;
  calls = new Calls(failing, cipher, clock, { warn: (...said) => void warned.push(said) });
});

function callOf(requestId: string): Call {
  const asked = { id: randomUUID(), request: { requestId }, asker: { agency: { id: 'housing-990100' } } };
  return { ...asked, bodyDigest: Buffer.alloc(32, 1), deadline: clock() + 1_000 } as unknown as Call;
}

const answered = (results: unknown[]): Answered =>
  ({ status: 200, body: { exchanges: [{ results }] }, trails: [] }) as unknown as Answered;

describe('a call whose answer disclosed something and cannot be stored', () => {
  test('is answered, is never asked a second time, and is told as cut off after its deadline', async () => {
    const requestId = randomUUID();
    const first = callOf(requestId);
    away = true;
    const told = await calls.once(first, () => Promise.resolve(answered([{ subject: 0 }])));
    expect(told).toEqual({ answered: answered([{ subject: 0 }]), replayed: false });
    expect(warned).toEqual([
      ['answer not stored for a repeated request', { call: first.id }, new Problem('log-unavailable')],
    ]);
    away = false;
    clock.advance(1_001);
    let worked = 0;
    const again = calls.once(callOf(requestId), () => Promise.resolve(answered([{ subject: worked++ }])));
    await expect(again).rejects.toMatchObject({
      problem: 'provider-timeout',
      detail: 'the first request of this id was cut off; ask under another id',
    });
    expect(worked).toBe(0);
  });
});

describe('a call that disclosed nothing', () => {
  test.each<[string, () => Promise<Answered>]>([
    ['was refused', () => Promise.resolve(answered([]))],
    ['failed', () => Promise.reject(new Problem('not-granted'))],
  ])('because it %s is asked afresh', async (_what, work) => {
    const requestId = randomUUID();
    await calls.once(callOf(requestId), work).catch((error: Problem) => error.problem);
    const second = await calls.once(callOf(requestId), () => Promise.resolve(answered([{ subject: 0 }])));
    expect(second).toEqual({ answered: answered([{ subject: 0 }]), replayed: false });
    const third = await calls.once(callOf(requestId), () => Promise.reject(new Error('asked again')));
    expect(third).toEqual({ answered: answered([{ subject: 0 }]), replayed: true });
  });
});
