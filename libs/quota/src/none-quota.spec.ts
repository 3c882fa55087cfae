import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type Problem } from '#problem';
import { manualClock, useDatabase } from '#testing';
import { createQuota, quotaMigrations } from './index.js';

const DAY_MS = 86_400_000;
const roomy = { perDay: 1_000_000, perSubjectPerDay: 1_000_000, burst: 1_000_000 };
const clock = manualClock('2026-03-02T01:00:00.000Z');
const subjects = () => [randomBytes(32)];

describe('persons of whom there is nothing', () => {
  const database = useDatabase(quotaMigrations, { poolSize: 12 });
  const key = { query: 'HR-SI-01@1', purpose: 'case-verification' };
  const tooMany = { problem: 'none-quota', extensions: { retryAfter: 15 * 3600 } };
  const quotaOf = () =>
    createQuota({ pool: database().pool, clock, subjectKey: createSecretKey(Buffer.alloc(32, 7)) });

  const counting = (requester: string, limit: number) => {
    const quota = quotaOf();
    const own = { requester, ...key };
    const reserve = (more = {}) =>
      quota.reserve({ ...own, subjects: subjects(), quota: { ...roomy, nonePerDay: limit }, ...more });
    const none = (exchange: string, count: number, more = {}) =>
      quota.countNone({ ...own, exchange, count, limit, ...more });
    /** Another exchange, in which there is nothing of so many. */
    const exchange = async (count: number, more = {}) => {
      const id = randomUUID();
      await reserve({ exchange: id, ...more });
      await none(id, count);
      return id;
    };
    return { reserve, none, exchange };
  };

  test('are counted beside the others; at the limit nothing more is let through that day', async () => {
    const { exchange, reserve } = counting('housing-1', 3);
    await exchange(2);
    expect((await reserve()).used).toBe(2);
    await exchange(5);
    await expect(reserve()).rejects.toMatchObject(tooMany);
    expect((await reserve({ at: clock() + DAY_MS })).used).toBe(1);
  });

  test('hold up no other requester, query or purpose, and no grant without that limit', async () => {
    const { exchange, reserve } = counting('housing-2', 1);
    await exchange(1, { at: clock() - DAY_MS }); // the day’s first: those asked about were counted before midnight
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
    await none(exchange.exchange, 1);
    expect((await reserve(exchange)).used).toBe(1);
    await none(exchange.exchange, 1);
    await expect(reserve({ ...exchange, subjects: subjects() })).rejects.toMatchObject({
      problem: 'envelope-replayed',
    });
  });

  test('are counted once for an exchange, however often it is tried: as many as the worst attempt would tell', async () => {
    const { exchange, none, reserve } = counting('housing-5', 9);
    const id = await exchange(2);
    for (const count of [4, 3, 0, 4]) await none(id, count);
    await exchange(4);
    expect(await noneOf('housing-5')).toBe(8);
    await none(id, 4, { at: clock() + DAY_MS });
    expect(await noneOf('housing-5')).toBe(8);
    await reserve();
  });

  test('are refused beside those that are found once the limit is reached while they were looked up', async () => {
    const { none, reserve } = counting('housing-6', 5);
    const ids = Array.from({ length: 50 }, () => randomUUID());
    await Promise.all(ids.map((exchange) => reserve({ exchange })));
    const processes = Array.from({ length: 5 }, quotaOf);
    const said = await Promise.allSettled(
      ids.map((exchange, index) =>
        processes[index % 5]!.countNone({ requester: 'housing-6', ...key, exchange, count: 1, limit: 5 }),
      ),
    );
    expect(said.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refusals = said.flatMap((one) => (one.status === 'rejected' ? [one.reason as Problem] : []));
    expect(new Set(refusals.map(({ problem }) => problem))).toEqual(new Set(['none-quota']));
    expect(await noneOf('housing-6')).toBe(5);
    const refused = ids[said.findIndex(({ status }) => status === 'rejected')]!;
    await expect(none(refused, 0)).rejects.toMatchObject(tooMany);
    await none(ids[said.findIndex(({ status }) => status === 'fulfilled')]!, 1);
  });

  test('are told of no exchange that is not known: what it asked was counted by nobody', async () => {
    const { none } = counting('housing-7', 5);
    await expect(none(randomUUID(), 0)).rejects.toMatchObject({ problem: 'log-unavailable' });
  });

  async function noneOf(requester: string): Promise<number> {
    const { rows } = await database().pool.query<{ none: number }>(
      'select coalesce(sum(none), 0)::int as none from quota_day where requester = $1',
      [requester],
    );
    return rows[0]!.none;
  }
});
