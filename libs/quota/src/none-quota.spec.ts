import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { manualClock, useDatabase } from '#testing';
import { createQuota, quotaMigrations } from './index.js';

const roomy = { perDay: 1_000_000, perSubjectPerDay: 1_000_000, burst: 1_000_000 };
const clock = manualClock('2026-03-02T01:00:00.000Z');
const subjects = () => [randomBytes(32)];

describe('persons of whom there is nothing', () => {
  const database = useDatabase(quotaMigrations);
  const key = { query: 'HR-SI-01@1', purpose: 'case-verification' };
  const tooMany = { problem: 'none-quota', extensions: { retryAfter: 15 * 3600 } };

  const counting = (requester: string, nonePerDay: number) => {
    const quota = createQuota({
      pool: database().pool,
      clock,
      subjectKey: createSecretKey(Buffer.alloc(32, 7)),
    });
    const own = { requester, ...key };
    return {
      none: (count: number) => quota.countNone({ ...own, count }),
      reserve: (more = {}) =>
        quota.reserve({ ...own, subjects: subjects(), quota: { ...roomy, nonePerDay }, ...more }),
    };
  };

  test('are counted beside the others; at the limit nothing more is let through that day', async () => {
    const { none, reserve } = counting('housing-1', 3);
    await reserve();
    await none(2);
    expect((await reserve()).used).toBe(2);
    await none(5);
    await expect(reserve()).rejects.toMatchObject(tooMany);
    expect((await reserve({ at: clock() + 86_400_000 })).used).toBe(1);
  });

  test('hold up no other requester, query or purpose, and no grant without that limit', async () => {
    const { none, reserve } = counting('housing-2', 1);
    await none(1); // the day’s first: those asked about were counted before midnight
    await expect(reserve()).rejects.toMatchObject(tooMany);
    const others = [
      { requester: 'housing-3' },
      { query: 'HR-SI-02@1' },
      { purpose: 'licence-screening' },
      { quota: roomy },
    ];
    for (const other of others) expect((await reserve(other)).used).toBe(1);
  });

  test('do not hold back the answer of an exchange that was counted before', async () => {
    const { none, reserve } = counting('housing-4', 1);
    const exchange = { exchange: randomUUID(), subjects: subjects() };
    await reserve(exchange);
    await none(1);
    expect((await reserve(exchange)).used).toBe(1);
    await expect(reserve({ ...exchange, subjects: subjects() })).rejects.toMatchObject({
      problem: 'envelope-replayed',
    });
  });
});
