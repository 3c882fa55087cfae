import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { useDatabase } from '#testing';
import { createQuota, type QuotaKey, quotaMigrations } from './index.js';

const START = Date.parse('2026-03-02T01:00:00.000Z');
const roomy = { perDay: 1_000_000, perSubjectPerDay: 1_000_000, burst: 1_000_000 };
const subjects = (count: number) => Array.from({ length: count }, () => randomBytes(32));
const freshKey = (): QuotaKey => ({
  ...{ requester: `housing-${randomBytes(6).toString('hex')}`, query: 'HR-SI-01@1' },
  purpose: 'case-verification',
});
const verdict = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'reserved',
    (error: unknown) => (error instanceof Problem ? error.problem : String(error)),
  );

describe('quotas of exchanges', () => {
  const database = useDatabase(quotaMigrations, { poolSize: 12 });
  const quotaOf = () =>
    createQuota({
      pool: database().pool,
      clock: () => START,
      subjectKey: createSecretKey(Buffer.alloc(32, 7)),
    });

  test('an exchange is counted once, by whichever process and however often it comes', async () => {
    const processes = Array.from({ length: 8 }, quotaOf);
    const key = { ...freshKey(), exchange: randomUUID() };
    const limits = { perDay: 10, perSubjectPerDay: 1, burst: 3 };
    const asked = subjects(3);
    const said = await Promise.all(
      processes.map((quota) => quota.reserve({ ...key, subjects: asked, quota: limits })),
    );
    expect(said).toEqual(said.map(() => ({ limit: 10, used: 3, left: 7, resetSeconds: 15 * 3600 })));
    const tomorrow = START + 86_400_000;
    const later = await quotaOf().reserve({ ...key, subjects: asked, quota: limits, at: tomorrow });
    expect(later.used).toBe(0);
    const other = { ...key, exchange: randomUUID(), subjects: asked, quota: limits };
    expect(await verdict(quotaOf().reserve({ ...other, at: START + 2_000 }))).toBe('subject-quota');
  });

  test('an exchange is not let through with another question, nor when both come at once', async () => {
    const [key, exchange, asked] = [freshKey(), randomUUID(), subjects(3)];
    const first = { ...key, exchange, subjects: asked, quota: roomy };
    await quotaOf().reserve(first);
    const more = { ...first, subjects: subjects(1_000) };
    const others = [
      more,
      { ...first, subjects: subjects(3) },
      { ...first, subjects: asked.slice(1) },
      { ...first, purpose: 'licence-screening' },
      { ...first, query: 'HR-SI-02@1' },
      { ...first, requester: freshKey().requester },
    ];
    const said = await Promise.all(others.map((other) => verdict(quotaOf().reserve(other))));
    expect(said).toEqual(others.map(() => 'envelope-replayed'));
    expect((await quotaOf().left({ ...key, quota: roomy })).perDay.used).toBe(3);
    expect((await quotaOf().reserve({ ...first, subjects: [...asked].reverse() })).used).toBe(3);

    const keys = Array.from({ length: 8 }, freshKey);
    const contested = { exchange: randomUUID(), subjects: asked, quota: roomy };
    const verdicts = await Promise.all(
      keys.map((one) => verdict(quotaOf().reserve({ ...one, ...contested }))),
    );
    expect(verdicts.sort()).toEqual([...Array.from({ length: 7 }, () => 'envelope-replayed'), 'reserved']);
    const counted = await Promise.all(keys.map((one) => quotaOf().left({ ...one, quota: roomy })));
    expect(counted.reduce((sum, { perDay }) => sum + perDay.used, 0)).toBe(3);
  });

  test('an exchange is remembered until it can come no more, and what it asked is not kept in the clear', async () => {
    const [key, asked] = [freshKey(), subjects(2)];
    const until = START + 60_000;
    const exchanges = [randomUUID(), randomUUID()];
    for (const exchange of exchanges)
      await quotaOf().reserve({ ...key, exchange, subjects: asked, quota: roomy, until });
    const questions = await database().pool.query<{ question: Buffer }>(
      'select question from quota_counted where exchange = any($1::uuid[])',
      [exchanges],
    );
    expect(new Set(questions.rows.map(({ question }) => question.toString('hex'))).size).toBe(2);
    const unnamed = { ...key, exchange: randomUUID(), subjects: asked, quota: roomy };
    await quotaOf().reserve(unnamed);
    await quotaOf().forgetExchanges(until);
    expect(
      (await quotaOf().reserve({ ...key, exchange: exchanges[0]!, subjects: asked, quota: roomy })).used,
    ).toBe(6);
    expect(await quotaOf().forgetExchanges(until + 1)).toBe(2);
    expect(
      (await quotaOf().reserve({ ...key, exchange: exchanges[0]!, subjects: asked, quota: roomy })).used,
    ).toBe(8);
    expect((await quotaOf().reserve(unnamed)).used).toBe(8);
  });

  test('an exchange that was refused is counted when it comes again and fits', async () => {
    const key = {
      ...freshKey(),
      exchange: randomUUID(),
      subjects: subjects(2),
      quota: { ...roomy, burst: 2 },
    };
    await quotaOf().reserve({ ...key, exchange: randomUUID() });
    expect(await verdict(quotaOf().reserve(key))).toBe('burst');
    expect((await quotaOf().reserve({ ...key, at: START + 1_000 })).used).toBe(4);
    expect((await quotaOf().reserve({ ...key, at: START + 1_000 })).used).toBe(4);
  });

  test('a process that falls silent while it counts keeps nobody waiting for long', async () => {
    const key = freshKey();
    await quotaOf().reserve({ ...key, subjects: subjects(1), quota: roomy });
    const silent = await database().pool.connect();
    await silent.query('begin');
    await silent.query('select from quota_bucket where requester = $1 for update', [key.requester]);
    const begun = Date.now();
    const reserve = () => verdict(quotaOf().reserve({ ...key, subjects: subjects(1), quota: roomy }));
    expect(await reserve()).toBe('log-unavailable');
    expect(Date.now() - begun).toBeLessThan(4_000);
    while ((await reserve()) !== 'reserved') expect(Date.now() - begun).toBeLessThan(9_000);
    silent.release(true);
  });

  test('says of any calls what it says when asked', async () => {
    const call = fc.record({ exchange: fc.nat(5), other: fc.boolean() });
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), sizes, async (calls, counts) => {
        const questions = counts.map((count) => subjects(count));
        const [key, ids] = [freshKey(), Array.from({ length: 6 }, () => randomUUID())];
        const limits = { ...roomy, perDay: 12 };
        const counted = new Map<number, Buffer[]>();
        const used = () => [...counted.values()].flat().length;
        for (const { exchange, other } of calls) {
          const question = other ? subjects(counts[exchange]!) : questions[exchange]!;
          const before = counted.get(exchange);
          const fits = before ? before === question : used() + question.length <= 12;
          if (fits) counted.set(exchange, question);
          const asked = { ...key, exchange: ids[exchange]!, subjects: question, quota: limits };
          const said = await quotaOf()
            .reserve(asked)
            .catch((error: unknown) => (error as Problem).problem);
          const { perDay } = await quotaOf().left({ ...key, quota: limits });
          expect(said).toEqual(fits ? perDay : before ? 'envelope-replayed' : 'day-quota');
        }
        expect((await quotaOf().left({ ...key, quota: limits })).perDay.used).toBe(used());
      }),
      { numRuns: 25 },
    );
  });
});
