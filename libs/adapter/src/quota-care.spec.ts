import { createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { createLogger } from '#observability';
import { createQuota, quotaMigrations } from '#quota';
import { manualClock, useDatabase } from '#testing';
import { type AdapterParts } from './adapter-parts.js';
import { AdapterModule } from './adapter.module.js';
import { QuotaCare } from './quota-care.js';

const DAY = 86_400_000;
const database = useDatabase(quotaMigrations);
const clock = manualClock('2026-03-02T15:59:00.000Z'); // a minute before midnight in China
const quota = { perDay: 10, perSubjectPerDay: 10, burst: 10 };
const key = { requester: 'housing-1', query: 'HR-SI-01@1', purpose: 'licence-screening' };

const days = async (table: string): Promise<string[]> => {
  const { rows } = await database().pool.query<{ day: string }>(
    `select day::text from ${table} order by day`,
  );
  return rows.map(({ day }) => day);
};

test('an adapter forgets the quota counters of days before yesterday, at its start and each day', async () => {
  const lines: string[] = [];
  const logger = createLogger('warn', { write: (line: string) => void lines.push(line) });
  const counters = createQuota({
    pool: database().pool,
    clock,
    subjectKey: createSecretKey(Buffer.alloc(32, 1)),
  });
  for (const ago of [0, 1, 2, 30])
    await counters.reserve({ ...key, subjects: [Buffer.from(`s-${ago}`)], quota, at: clock() - ago * DAY });
  await counters.spendDay('2026-01-01');
  const forgetReally = (day: string): Promise<number> => counters.forgetBefore(day);
  let forget = forgetReally;
  const parts = {
    quota: { ...counters, forgetBefore: (day: string) => forget(day) },
    node: { clock, logger },
  } as unknown as AdapterParts;
  const module = await NestFactory.createApplicationContext(AdapterModule.of(parts), { logger: false });
  const kept = ['2026-03-01', '2026-03-02'];
  expect([await days('quota_day'), await days('quota_subject_day'), await days('quota_spent_day')]).toEqual([
    kept,
    kept,
    [],
  ]);

  clock.advance(60_000);
  const care = module.get(QuotaCare);
  forget = () => Promise.reject(new Error('away'));
  await care.tend();
  expect([await days('quota_day'), lines.length]).toEqual([kept, 1]);
  forget = forgetReally;
  await care.tend();
  expect(await days('quota_day')).toEqual(['2026-03-02']);
  await module.close();
});
