import { expect, test } from '@jest/globals';
import { useDatabase, manualClock } from '#testing';
import { SecurityLog, evidenceMigrations } from './index.js';

const database = useDatabase(evidenceMigrations);

test('a security log counts everything and keeps the newest', async () => {
  const log = new SecurityLog({ database: database(), keep: 3, clock: manualClock() });
  for (let i = 0; i < 5; i++) log.record({ code: 'envelope-changed', claimed: `log-${i}`, topic: 't' });
  await log.flush();
  log.record({ code: 'sender-unknown', hash: Buffer.alloc(32, 1) });
  expect(await log.counts()).toEqual({ 'envelope-changed': 5, 'sender-unknown': 1 });
  const at = new Date('2026-03-02T01:00:00.000Z');
  expect(await log.newest(10)).toEqual([
    { at, code: 'sender-unknown', claimed: '', topic: '', hash: Buffer.alloc(32, 1) },
    { at, code: 'envelope-changed', claimed: 'log-4', topic: 't' },
    { at, code: 'envelope-changed', claimed: 'log-3', topic: 't' },
  ]);
  await log.close();
});

test('a flood between two flushes is counted whole and held in bounded memory', async () => {
  const log = new SecurityLog({ database: database() });
  const before = (await log.counts())['signature-invalid'] ?? 0;
  for (let i = 0; i < 5_000; i++) log.record({ code: 'signature-invalid' });
  expect((await log.counts())['signature-invalid']).toBe(before + 5_000);
  const { rows } = await database().pool.query(
    "select 1 from security_event where code = 'signature-invalid'",
  );
  expect(rows).toHaveLength(1_000);
  await log.close();
});

test('a claim that could forge a line or carry a name is not kept', async () => {
  const log = new SecurityLog({ database: database() });
  log.record({ code: 'clock-skew', claimed: 'a\nb', topic: '张三' });
  expect(await log.newest(1)).toMatchObject([{ claimed: '(unprintable)', topic: '(unprintable)' }]);
  await log.close();
});
