import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceMigrations } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from './index.js';
import { disclosure, intent, ORIGINS, outcome, START } from './monitor.fixture.js';
import { MonitorBench, until } from './monitor-bench.fixture.js';

const { gateway, adapter } = ORIGINS;

const clock = manualClock(START);
// Before those of the databases, which wait for every connection: hooks run in the order in which they stand.
afterAll(() => bench.end());
const database = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations, { poolSize: 20 });
const bench = new MonitorBench(database, node, clock);
beforeAll(() => bench.begin());

describe('a monitor', () => {
  test('pulls what was lost before it began, proved by consistency where no checkpoint was signed', async () => {
    // A running monitor looks after logs by itself: it would pull the first chunks one by one, and need no proof.
    await bench.monitor.close();
    const draft = { kind: 'admin', from: 'hrss-1', to: 'hrss-1' } as const;
    for (let chunk = 0; chunk < 10; chunk += 1) {
      const exchanges = Array.from({ length: 500 }, () => randomUUID());
      await Promise.all(exchanges.map((exchange) => bench.answers.writer.append({ ...draft, exchange })));
    }
    await bench.shown(bench.answers);
    await bench.startMonitor();
    await bench.send(bench.answers.tails.at(-1)!);
    await bench.mirrored(bench.answers);
    expect(await bench.log(adapter)).toEqual({ size: 5_000, lag: 0, state: 'following', alarms: [] });
    const bundles = bench.files.asked.filter((path) => /\/entries\/\d{3}$/.test(path));
    expect(bundles.sort()).toEqual(
      Array.from({ length: 19 }, (_, n) => `/logs/${adapter}/tile/entries/${String(n).padStart(3, '0')}`),
    );
    expect(bench.files.asked.some((path) => path.includes('/tile/1/'))).toBe(true);
  });

  test('shows one exchange in volumes and reconciliation, to the province and to those who take part', async () => {
    const asked = intent(clock);
    const first = await bench.asks.writer.append(asked);
    const told = await bench.answers.writer.append(disclosure(asked, first));
    await bench.asks.writer.append(outcome(asked, first, told));
    for (const tail of [...bench.asks.tails, bench.answers.tails.at(-1)!]) await bench.send(tail);
    await Promise.all([bench.mirrored(bench.asks), bench.mirrored(bench.answers)]);
    const row = {
      exchanges: 1,
      subjects: 1,
      disclosures: 1,
      rows: 2,
      heldBack: 0,
      replays: 0,
      replayedSubjects: 0,
    };
    const expected = [{ requester: 'housing-1', outcome: 'found', ...row }];
    for (const agency of ['data-1', 'housing-1', 'hrss-1'] as const) {
      const { rows } = await bench.json<{ rows: unknown }>(
        '/v1/volumes?unit=minute&by=requester,outcome',
        agency,
      );
      expect(rows).toEqual(expected);
      expect(await bench.json('/v1/reconciliation', agency)).toMatchObject({
        exchanges: 1,
        settled: 1,
        pending: 0,
        difference: 0,
      });
    }
    expect(await bench.json('/v1/volumes?unit=day&by=query', 'fund-1')).toMatchObject({ rows: [] });
    expect(await bench.json('/v1/reconciliation', 'fund-1')).toMatchObject({ exchanges: 0, settled: 0 });
  });

  test('shows a difference a minute after the deadline and not before, down to the exchange and what is missing', async () => {
    const asked = intent(clock);
    const first = await bench.asks.writer.append(asked);
    await bench.send(bench.asks.tails.at(-1)!);
    await bench.mirrored(bench.asks);
    clock.advance(70_000);
    expect(await bench.json('/v1/reconciliation')).toMatchObject({
      exchanges: 2,
      settled: 1,
      pending: 1,
      difference: 0,
      byKind: {},
    });
    clock.advance(1);
    expect(await bench.json('/v1/reconciliation')).toMatchObject({
      pending: 0,
      difference: 1,
      byKind: { 'disclosure-missing': 1 },
    });
    const { differences } = await bench.json<{ differences: unknown[] }>(
      '/v1/reconciliation/differences?kind=disclosure-missing',
    );
    expect(differences).toEqual([
      expect.objectContaining({
        exchange: asked.exchange,
        requester: 'housing-1',
        provider: 'hrss-1',
        faults: ['disclosure-missing', 'outcome-missing'],
        entries: { intent: expect.objectContaining({ origin: gateway, index: first.index }) as unknown },
      }),
    ]);
    expect(await bench.json('/v1/reconciliation/differences', 'fund-1')).toMatchObject({ differences: [] });
    await bench.asks.writer.append(outcome(asked, first));
    await bench.send(bench.asks.tails.at(-1)!);
    await bench.mirrored(bench.asks);
    expect(await bench.json('/v1/reconciliation')).toMatchObject({ exchanges: 2, settled: 2, difference: 0 });
  });

  test('settles a replayed answer when what it repeats comes in, and only then', async () => {
    const asked = intent(clock);
    const first = await bench.asks.writer.append(asked);
    const told = await bench.answers.writer.append(disclosure(asked, first));
    const { exchange: _exchange, ...again } = outcome(asked, first, told);
    await bench.asks.writer.append({ ...again, exchange: randomUUID(), replayed: true });
    await bench.asks.writer.append(outcome(asked, first, told));
    for (const tail of bench.asks.tails.slice(-3)) await bench.send(tail);
    await bench.mirrored(bench.asks);
    clock.advance(71_000);
    expect(await bench.json('/v1/reconciliation')).toMatchObject({
      byKind: { 'disclosure-missing': 1, 'replay-unmatched': 1 },
    });
    await bench.send(bench.answers.tails.at(-1)!);
    await bench.mirrored(bench.answers);
    await bench.monitor.watch();
    expect(await bench.json('/v1/reconciliation')).toMatchObject({ exchanges: 4, settled: 4, difference: 0 });
  });

  test('goes on after a stop in the middle, with what was sent meanwhile', async () => {
    await bench.monitor.close();
    for (let i = 0; i < 3; i += 1)
      await bench.asks.writer.append(
        outcome(intent(clock), await bench.asks.writer.append(intent(clock, randomUUID()))),
      );
    for (const tail of bench.asks.tails.slice(-6)) await bench.send(tail);
    await bench.startMonitor();
    await bench.mirrored(bench.asks);
    expect(await bench.log(gateway)).toMatchObject({ lag: 0, state: 'following' });
  });

  test('drops a tail that nobody signed for, and one that is not for it, and goes on', async () => {
    const [good, wrong] = [bench.asks.tails.at(-1)!, bench.answers.tails.at(-1)!];
    await bench.send({ ...good, checkpoint: wrong.checkpoint });
    await bench.send(good, [], 'fund-1');
    await bench.send(good);
    await until(async () => (await bench.metrics()).includes('result="envelope-moved"'));
    expect((await bench.open('/metrics')).status).toBe(401);
    const metrics = await bench.metrics();
    expect(metrics).toMatch(/monitor_tails_total\{result="entry-not-in-log"[^}]*\} 1/);
    expect(metrics).toMatch(/monitor_log_lag\{origin="housing-1\/gateway\/0"[^}]*\} 0/);
    expect(metrics).toMatch(/monitor_exchanges\{state="settled"[^}]*\} \d/);
  });
});
