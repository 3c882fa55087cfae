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

test('what is about the same is counted each time and kept once, in one process or several', async () => {
  const logs = [1, 2].map(() => new SecurityLog({ database: database(), keep: 40 }));
  const before = (await logs[0]!.counts())['none-quota'] ?? 0;
  const search = { code: 'none-quota', claimed: 'housing-990100', topic: 't' } as const;
  const about = (words: string) => ({ ...search, about: words });
  logs[0]!.record({ code: 'envelope-changed', claimed: 'forger' });
  for (let i = 0; i < 3_000; i++) logs[i % 2]!.record(about('2026-03-02/HR-SI-01@1/case-verification'));
  for (const log of logs) await log.flush();
  for (let i = 0; i < 50; i++) {
    logs[i % 2]!.record(about('2026-03-02/HR-SI-01@1/case-verification'));
    await logs[i % 2]!.flush();
  }
  logs[0]!.record({ ...about('2026-03-02/HR-SI-01@1/case-verification'), claimed: 'housing-990000' });
  logs[0]!.record(about('2026-03-02/HR-SI-02@1/case-verification'));
  await logs[0]!.flush();
  expect((await logs[0]!.counts())['none-quota']).toBe(before + 3_052);
  const of = ({ code, claimed, about: words }: { code: string; claimed?: string; about?: string }) =>
    [code, claimed, words].join(' ');
  expect((await logs[0]!.newest(4)).map(of)).toEqual([
    'none-quota housing-990100 2026-03-02/HR-SI-02@1/case-verification',
    'none-quota housing-990000 2026-03-02/HR-SI-01@1/case-verification',
    'none-quota housing-990100 2026-03-02/HR-SI-01@1/case-verification',
    'envelope-changed forger ',
  ]);
  for (const log of logs) await log.close();
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
