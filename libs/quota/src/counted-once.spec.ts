import { randomBytes, randomUUID } from 'node:crypto';
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
  const database = useDatabase(quotaMigrations, 12);
  const quotaOf = () =>
    createQuota({ pool: database().pool, clock: () => START, subjectKey: Buffer.alloc(32, 7) });

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

  test('says of any calls what it says when asked', async () => {
    const call = fc.record({ exchange: fc.nat(5), count: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const [key, ids] = [freshKey(), Array.from({ length: 6 }, () => randomUUID())];
        const limits = { ...roomy, perDay: 12 };
        const counted = new Map<number, number>();
        for (const { exchange, count } of calls) {
          const used = [...counted.values()].reduce((sum, one) => sum + one, 0);
          const fits = counted.has(exchange) || used + count <= 12;
          if (fits && !counted.has(exchange)) counted.set(exchange, count);
          const asked = { ...key, exchange: ids[exchange]!, subjects: subjects(count), quota: limits };
          const said = await quotaOf()
            .reserve(asked)
            .catch((error: unknown) => (error as Problem).problem);
          const { perDay } = await quotaOf().left({ ...key, quota: limits });
          expect(said).toEqual(fits ? perDay : 'day-quota');
        }
        const used = [...counted.values()].reduce((sum, one) => sum + one, 0);
        expect((await quotaOf().left({ ...key, quota: limits })).perDay.used).toBe(used);
      }),
      { numRuns: 25 },
    );
  });
});
