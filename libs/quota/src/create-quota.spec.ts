import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openDatabase } from '#database';
import { Problem } from '#problem';
import { manualClock, useDatabase, useDatabaseUrl, usePostgres } from '#testing';
import { createQuota, type Quota, type QuotaKey, quotaMigrations } from './index.js';

const START = Date.parse('2026-03-02T01:00:00.000Z');
const roomy = { perDay: 1_000_000, perSubjectPerDay: 1_000_000, burst: 1_000_000 };
const subjectKey = createSecretKey(Buffer.alloc(32, 7));

const subject = () => randomBytes(32);
const subjects = (count: number) => Array.from({ length: count }, subject);

/** A key that no other test has counted under. */
function freshKey(): QuotaKey {
  return {
    requester: `housing-${randomBytes(6).toString('hex')}`,
    query: 'HR-SI-01@1',
    purpose: 'case-verification',
  };
}

async function verdict(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'reserved',
    (error: unknown) => {
      if (error instanceof Problem) return error.problem;
      throw error;
    },
  );
}

async function tally(works: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await Promise.all(works.map(verdict))) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('quotas', () => {
  const database = useDatabase(quotaMigrations, { poolSize: 12 });
  const clock = manualClock(START);
  const quotaOf = () => createQuota({ pool: database().pool, clock, subjectKey });

  test('of 200 parallel calls at a day limit of 50 exactly 50 pass', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const limits = { ...roomy, perDay: 50 };
    const calls = Array.from({ length: 200 }, () =>
      quota.reserve({ ...key, subjects: subjects(1), quota: limits }),
    );
    expect(await tally(calls)).toEqual({ reserved: 50, 'day-quota': 150 });
    expect((await quota.left({ ...key, quota: limits })).perDay).toMatchObject({
      limit: 50,
      used: 50,
      left: 0,
    });
  });

  test('the same holds when each call comes from a process of its own, for each of the limits', async () => {
    const processes = Array.from({ length: 200 }, quotaOf);
    const call = (key: QuotaKey, limits: typeof roomy, who: () => Buffer) =>
      tally(
        Array.from({ length: 200 }, (_, n) =>
          processes[n]!.reserve({ ...key, subjects: [who()], quota: limits }),
        ),
      );
    const one = subject();
    expect(
      await Promise.all([
        call(freshKey(), { ...roomy, perDay: 50 }, subject),
        call(freshKey(), { ...roomy, perSubjectPerDay: 50 }, () => one),
        call(freshKey(), { ...roomy, burst: 50 }, subject),
      ]),
    ).toEqual([
      { reserved: 50, 'day-quota': 150 },
      { reserved: 50, 'subject-quota': 150 },
      { reserved: 50, burst: 150 },
    ]);
  });

  test('processes that reserve for many keys in different orders never block each other', async () => {
    const keys = Array.from({ length: 20 }, freshKey);
    const processes = Array.from({ length: 4 }, quotaOf);
    const calls = Array.from({ length: 400 }, (_, n) => {
      const key = keys[(n * (n % 2 ? 7 : 13)) % 20]!;
      return processes[n % 4]!.reserve({ ...key, subjects: subjects(2), quota: roomy });
    });
    expect(await tally(calls)).toEqual({ reserved: 400 });
  });

  test('a call that does not fit whole is not counted at all', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const [known, other] = [subject(), subject()];
    const limits = { perDay: 10, perSubjectPerDay: 2, burst: 9 };
    await quota.reserve({ ...key, subjects: [known, known], quota: limits });
    expect(await verdict(quota.reserve({ ...key, subjects: [other, known], quota: limits }))).toBe(
      'subject-quota',
    );
    expect(
      await verdict(quota.reserve({ ...key, subjects: subjects(9), quota: { ...limits, burst: 20 } })),
    ).toBe('burst');
    expect(
      await verdict(quota.reserve({ ...key, subjects: subjects(7), quota: { ...limits, perDay: 8 } })),
    ).toBe('day-quota');
    expect(await quota.left({ ...key, quota: limits })).toEqual({
      day: '2026-03-02',
      perDay: { limit: 10, used: 2, left: 8, resetSeconds: 15 * 3600 },
      burst: { limit: 9, left: 7, resetSeconds: 1 },
      perSubjectPerDay: { limit: 2 },
    });
    await quota.reserve({ ...key, subjects: [other, other], quota: limits });
  });

  test('a subject named twice in one call counts twice', async () => {
    const one = subject();
    const limits = { ...roomy, perSubjectPerDay: 1 };
    expect(await verdict(quotaOf().reserve({ ...freshKey(), subjects: [one, one], quota: limits }))).toBe(
      'subject-quota',
    );
  });

  test('a call larger than the burst is told so, as waiting would not help', async () => {
    const call = quotaOf().reserve({ ...freshKey(), subjects: subjects(51), quota: { ...roomy, burst: 50 } });
    await expect(call).rejects.toMatchObject({ problem: 'burst', extensions: { limit: 50 } });
  });

  test('the bucket refills by its size each second, and never above it', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const reserve = (count: number, at: number) =>
      verdict(quota.reserve({ ...key, subjects: subjects(count), quota: { ...roomy, burst: 10 }, at }));
    expect(await reserve(10, START)).toBe('reserved');
    expect(await reserve(1, START + 99)).toBe('burst');
    expect(await reserve(1, START + 100)).toBe('reserved');
    expect(await reserve(10, START + 1_099)).toBe('burst');
    expect(await reserve(10, START + 60_000)).toBe('reserved');
    expect(await reserve(1, START + 59_000)).toBe('burst');
    expect(await reserve(1, START + 60_000)).toBe('burst');
  });

  test('a refusal by burst says how long to wait', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const limits = { ...roomy, burst: 10 };
    await quota.reserve({ ...key, subjects: subjects(10), quota: limits });
    const refused = quota.reserve({ ...key, subjects: subjects(10), quota: limits });
    await expect(refused).rejects.toMatchObject({ problem: 'burst', extensions: { retryAfter: 1 } });
  });

  test('a new day begins at midnight in Shanghai, for the whole and for each subject', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const one = subject();
    const lastMoment = Date.parse('2026-03-02T23:59:59.999+08:00');
    const reserve = (at: number) =>
      quota.reserve({ ...key, subjects: [one], quota: { ...roomy, perDay: 1, perSubjectPerDay: 1 }, at });
    await reserve(lastMoment);
    await expect(reserve(lastMoment)).rejects.toMatchObject({
      problem: 'day-quota',
      extensions: { retryAfter: 1 },
    });
    await reserve(lastMoment + 1);
    expect(await verdict(reserve(lastMoment + 1))).toBe('day-quota');
  });

  test('requesters, queries and purposes do not use up each other’s quota', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const one = subject();
    const limits = { perDay: 1, perSubjectPerDay: 1, burst: 1 };
    const others = [
      key,
      freshKey(),
      { ...key, query: 'HR-SI-02@1' },
      { ...key, purpose: 'licence-screening' },
    ];
    const reserve = (one_: QuotaKey) => quota.reserve({ ...one_, subjects: [one], quota: limits });
    expect(await tally(others.map(reserve))).toEqual({ reserved: 4 });
    expect(await verdict(reserve(key))).toBe('burst');
  });

  test('the tables hold neither a commitment nor anything that is the same on two days', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const one = subject();
    for (const at of [START, START + 86_400_000])
      await quota.reserve({ ...key, subjects: [one], quota: roomy, at });
    const { rows } = await database().pool.query<{ subject: Buffer }>(
      'select subject from quota_subject_day where requester = $1 order by day',
      [key.requester],
    );
    const [today, tomorrow] = rows.map((row) => row.subject.toString('hex'));
    expect(rows).toHaveLength(2);
    expect(today).not.toBe(tomorrow);
    expect(one.toString('hex')).not.toContain(today);
  });

  test('old days are forgotten, the present one is kept', async () => {
    const quota = quotaOf();
    const key = freshKey();
    const limits = { ...roomy, perDay: 1 };
    const reserve = (at: number) =>
      verdict(quota.reserve({ ...key, subjects: subjects(1), quota: limits, at }));
    const old = Date.parse('2020-01-01T12:00:00+08:00');
    expect([await reserve(old), await reserve(START)]).toEqual(['reserved', 'reserved']);
    expect(await quota.forgetBefore('2020-01-02')).toBe(2);
    expect(await reserve(START)).toBe('day-quota');
  });

  test('more old rows than one statement deletes are forgotten too', async () => {
    await database().pool.query(
      `insert into quota_spent_day select '1970-01-01'::date + n from generate_series(1, 12345) n`,
    );
    expect(await quotaOf().forgetBefore('2019-01-01')).toBe(12_345);
  });
});

describe('a restored database', () => {
  const database = useDatabase(quotaMigrations);

  test('counts the day as spent for everybody, and only that day', async () => {
    const quota = createQuota({ pool: database().pool, clock: () => START, subjectKey });
    const key = freshKey();
    await quota.reserve({ ...key, subjects: subjects(3), quota: roomy });
    await quota.spendDay('2026-03-02');
    await quota.spendDay('2026-03-02');
    expect(await verdict(quota.reserve({ ...freshKey(), subjects: subjects(1), quota: roomy }))).toBe(
      'day-quota',
    );
    expect((await quota.left({ ...key, quota: roomy })).perDay).toMatchObject({ used: 1_000_000, left: 0 });
    const tomorrow = START + 86_400_000;
    await quota.reserve({ ...key, subjects: subjects(1), quota: roomy, at: tomorrow });
    expect((await quota.left({ ...key, quota: roomy, at: tomorrow })).perDay).toMatchObject({ used: 1 });
  });
});

describe('a restart', () => {
  const url = useDatabaseUrl();
  const crashable = usePostgres();

  async function withQuota<T>(
    at: string,
    work: (quota: Quota, pool: { query(sql: string): Promise<unknown> }) => Promise<T>,
  ) {
    const database = await openDatabase({ url: at, name: 'spec', migrations: quotaMigrations });
    try {
      return await work(createQuota({ pool: database.pool, clock: () => START, subjectKey }), database.pool);
    } finally {
      await database.close();
    }
  }

  test('of the process loses no count', async () => {
    const key = freshKey();
    const limits = { ...roomy, perDay: 5 };
    const first = { ...key, exchange: randomUUID(), subjects: subjects(4), quota: limits };
    await withQuota(url(), (quota) => quota.reserve(first));
    const after = await withQuota(url(), async (quota) => [
      (await quota.reserve(first)).used,
      await verdict(quota.reserve({ ...key, subjects: subjects(2), quota: limits })),
      await verdict(quota.reserve({ ...key, subjects: subjects(1), quota: limits })),
    ]);
    expect(after).toEqual([4, 'day-quota', 'reserved']);
  });

  test('of PostgreSQL after a crash loses no count that a disclosure was committed after', async () => {
    const key = freshKey();
    await withQuota(crashable.url(), async (quota, pool) => {
      await pool.query('create table disclosure (n int)');
      await quota.reserve({ ...key, subjects: subjects(4), quota: roomy });
      await pool.query('insert into disclosure values (1)');
      await crashable.crash();
      const refused = quota.reserve({ ...key, subjects: subjects(1), quota: roomy });
      await expect(refused).rejects.toMatchObject({ problem: 'log-unavailable' });
    });
    await crashable.start();
    const left = await withQuota(crashable.url(), (quota) => quota.left({ ...key, quota: roomy }));
    expect(left.perDay.used).toBe(4);
  });
});

test('a short key is refused at the start', () => {
  const make = () =>
    createQuota({
      pool: undefined as never,
      clock: () => START,
      subjectKey: createSecretKey(Buffer.alloc(31)),
    });
  expect(make).toThrow(Problem);
});
