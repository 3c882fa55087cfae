import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { evidenceMigrations } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from '../index.js';
import { intent, ORIGINS, START } from '../monitor.fixture.js';
import { MonitorBench, until } from '../monitor-bench.fixture.js';

const { gateway, adapter, other } = ORIGINS;

const clock = manualClock(START);
// Before those of the databases, which wait for every connection: hooks run in the order in which they stand.
afterAll(() => bench.end());
const database = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations, { poolSize: 20 });
const bench = new MonitorBench(database, node, clock);
beforeAll(() => bench.begin());

beforeAll(async () => {
  await bench.asks.writer.append(intent(clock));
  await bench.answers.writer.append(intent(clock, randomUUID(), { kind: 'admin', from: 'hrss-1' }));
  for (const log of [bench.asks, bench.answers]) await bench.send(log.tails[0]!);
  await Promise.all([bench.mirrored(bench.asks), bench.mirrored(bench.answers)]);
});
beforeEach(() => {
  bench.files.spoil = (_path, body) => body;
});

describe('a log that does not do as it should', () => {
  test('is not silent when only its tails were lost, and is silent when it does not grow; it recovers', async () => {
    clock.advance(150_001);
    await bench.asks.writer.append({
      kind: 'tick',
      exchange: randomUUID(),
      from: 'housing-1',
      to: 'housing-1',
    });
    await bench.shown(bench.asks);
    await bench.monitor.watch();
    expect((await bench.log(gateway))!.alarms).toEqual([]);
    expect((await bench.log(adapter))!.alarms).toEqual(['silent']);
    const { alarms } = await bench.json<{ alarms: unknown[] }>('/v1/alarms', 'hrss-1');
    expect(alarms).toEqual([
      {
        id: expect.any(Number) as unknown,
        kind: 'silent',
        origin: adapter,
        raisedAt: new Date(clock()).toISOString(),
        proof: [bench.answers.writer.checkpoint().note],
        detail: { mirrored: bench.answers.writer.health().size },
      },
    ]);
    expect(await bench.json('/v1/alarms', 'housing-1')).toEqual({ alarms: [] });
    await bench.answers.writer.append({ kind: 'tick', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
    await bench.send(bench.answers.tails.at(-1)!);
    await bench.mirrored(bench.answers);
    expect((await bench.log(adapter))!.alarms).toEqual([]);
    expect((await bench.json<{ alarms: unknown[] }>('/v1/alarms?state=all')).alarms).toHaveLength(1);
  });

  test('is behind when a peer saw what its own server does not show, and rolled back when that shows less than before', async () => {
    const before = bench.answers.writer.checkpoint().note;
    await bench.answers.writer.append({ kind: 'tick', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
    const hidden = bench.answers.writer.checkpoint().note;
    bench.files.spoil = (path, body) => (path === `/logs/${adapter}/checkpoint` ? Buffer.from(before) : body);
    await bench.asks.writer.append({
      kind: 'tick',
      exchange: randomUUID(),
      from: 'housing-1',
      to: 'housing-1',
    });
    await bench.send(bench.asks.tails.at(-1)!, [{ origin: adapter, note: hidden }]);
    await until(async () => (await bench.log(adapter))?.lag === 1);
    clock.advance(150_001);
    await bench.monitor.watch();
    expect((await bench.log(adapter))!.alarms).toEqual(['behind', 'silent']);
    bench.files.spoil = (_path, body) => body;
    await bench.shown(bench.answers);
    await bench.monitor.watch();
    expect(await bench.log(adapter)).toMatchObject({ lag: 0, alarms: [] });
    clock.advance(150_001);
    bench.files.spoil = (path, body) => (path === `/logs/${adapter}/checkpoint` ? Buffer.from(before) : body);
    await bench.monitor.watch();
    expect((await bench.log(adapter))!.alarms).toEqual(['rolled-back', 'silent']);
    const { alarms } = await bench.json<{ alarms: { kind: string; proof: string[] }[] }>('/v1/alarms');
    expect(alarms.find(({ kind }) => kind === 'rolled-back')!.proof).toEqual([hidden, before]);
  });

  test('is unproved, not forked, when its server shows other lines than were signed; nothing of it is taken', async () => {
    const { size } = (await bench.log(adapter))!;
    await bench.answers.writer.append({ kind: 'tick', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
    await bench.answers.writer.append({ kind: 'tick', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
    bench.files.spoil = (path, body) =>
      path.includes('/entries/')
        ? Buffer.from(body.toString('latin1').replaceAll('tick', 'tock'), 'latin1')
        : body;
    await bench.shown(bench.answers);
    await bench.send(bench.answers.tails.at(-1)!);
    await until(async () => (await bench.log(adapter))!.alarms.includes('unproved'));
    expect(await bench.log(adapter)).toMatchObject({ size, lag: 2, state: 'following' });
    bench.files.spoil = (_path, body) => body;
    await bench.monitor.watch();
    expect(await bench.log(adapter)).toMatchObject({ size: size + 2, lag: 0, alarms: [] });
  });

  test('is forked when the tiles of its own signed tree begin with another one than the mirror’s', async () => {
    const { writer, tails } = await bench.province.openLog(node(), other, clock);
    await writer.append(intent(clock));
    await bench.send(tails[0]!);
    await until(async () => (await bench.log(other))?.size === 1);
    await writer.close();
    await rewrite();
    const second = await bench.province.openLog(node(), other, clock);
    for (let i = 0; i < 3; i += 1) await second.writer.append(intent(clock));
    await bench.shown(second);
    await bench.send(second.tails[2]!);
    await until(async () => (await bench.log(other))?.state === 'contradicted');
    const { alarms } = await bench.json<{ alarms: { kind: string; proof: string[] }[] }>(
      '/v1/alarms',
      'hrss-1',
    );
    expect(alarms.find(({ kind }) => kind === 'forked')!.proof).toEqual([
      tails[0]!.checkpoint.note,
      second.tails[2]!.checkpoint.note,
    ]);
  });
});

/** The node's superuser starts a log anew, as if it had never been written. */
async function rewrite(): Promise<void> {
  const { pool } = node();
  await pool.query('alter table log_entry disable trigger user');
  for (const table of ['log_entry', 'log_head', 'log_tile', 'log_checkpoint'])
    await pool.query(`delete from ${table} where origin = $1`, [other]);
  await pool.query('alter table log_entry enable trigger user');
}
