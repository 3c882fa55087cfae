import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, LogReader } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { decodeEntryBundle } from '#tlog';
import { monitorMigrations } from '../index.js';
import { intent, ORIGINS, START } from '../monitor.fixture.js';
import { MonitorBench, refusal } from '../monitor-bench.fixture.js';

const { gateway, adapter } = ORIGINS;

const clock = manualClock(START);
// Before those of the databases, which wait for every connection: hooks run in the order in which they stand.
afterAll(() => bench.end());
const database = useDatabase([...evidenceMigrations, ...monitorMigrations]);
const node = useDatabase(evidenceMigrations, { poolSize: 20 });
const bench = new MonitorBench(database, node, clock);
beforeAll(() => bench.begin());

beforeAll(async () => {
  const exchanges = Array.from({ length: 300 }, () => randomUUID());
  await Promise.all(
    exchanges.map((id) => bench.answers.writer.append(intent(clock, id, { kind: 'admin', from: 'hrss-1' }))),
  );
  for (const tail of bench.answers.tails) await bench.send(tail);
  await bench.mirrored(bench.answers);
});

describe('a request that proves nobody', () => {
  const noted = async (attempt: () => Promise<unknown>): Promise<unknown> => {
    const newest = async () =>
      (await bench.security.newest(1_000)).map(({ code, claimed, topic }) => [code, claimed, topic]);
    const before = (await newest()).length;
    await attempt();
    const after = await newest();
    return after.slice(0, after.length - before);
  };
  const late = () =>
    bench.province.fetchAs('housing-1', `${bench.monitor.url}/v1/volumes`, clock() - 86_400_000);
  const text = { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } };

  test.each<[string, () => Promise<unknown>, string, string?]>([
    ['without a signature', () => bench.open('/v1/volumes'), 'signature-invalid'],
    ['for metrics', () => bench.open('/metrics'), 'signature-invalid'],
    ['signed yesterday', late, 'clock-skew', 'housing-1'],
    [
      'with a path that cannot be decoded',
      () => bench.open('/v1/990101198503120010%zz'),
      'malformed-request',
    ],
    [
      'with a registry and no signature',
      () => fetch(`${bench.monitor.url}/v1/registry`, { method: 'POST' }),
      'signature-invalid',
    ],
    ['that is no JSON', () => fetch(`${bench.monitor.url}/v1/registry`, text), 'media-type'],
  ])('%s is noted by its code, once, and whom it names', async (_what, attempt, code, claimed = '') => {
    expect(await noted(attempt)).toEqual([[code, claimed, 'http']]);
  });

  test('is one of a bounded number that are kept; one that proves somebody is not among them', async () => {
    expect(await noted(() => bench.get('/v1/logs?x=1', 'fund-1'))).toEqual([]);
    for (let i = 0; i < 60; i += 1) await bench.open('/v1/volumes');
    expect(await bench.security.newest(1_000)).toHaveLength(50);
  });
});

describe('reading the monitor', () => {
  test.each([
    ['/v1/volumes?unit=week', 'unit'],
    ['/v1/volumes?by=name', 'by'],
    ['/v1/volumes?by=', 'by'],
    ['/v1/volumes?by=query,query', 'by'],
    ['/v1/volumes?from=yesterday', 'from'],
    ['/v1/volumes?from=2026-03-02T08:00:00', 'from'],
    ['/v1/volumes?to=2026-02-30', 'to'],
    ['/v1/volumes?from=2026-03-02T01:00:00Z&to=2026-03-02T01:00:00Z', 'from'],
    ['/v1/volumes?unit=minute&from=2026-02-20T00:00:00Z', 'from'],
    ['/v1/volumes?requester=a%20b', 'requester'],
    ['/v1/volumes?colour=red', '(unknown)'],
    ['/v1/reconciliation?x=1', '(unknown)'],
    ['/v1/reconciliation/differences?kind=none', 'kind'],
    ['/v1/reconciliation/differences?after=1', 'after'],
    ['/v1/reconciliation/differences?limit=0', 'limit'],
    ['/v1/alarms?state=old', 'state'],
    ['/v1/logs?x=1', '(unknown)'],
  ])('%s is refused, naming %s', async (path, field) => {
    expect(await refusal(bench.get(path))).toEqual({ status: 422, code: 4003, field });
  });

  test('takes a day as that day in China, whole', async () => {
    const day = await bench.json('/v1/volumes?unit=hour&from=2026-03-02&to=2026-03-02');
    expect(day).toMatchObject({ from: '2026-03-01T16:00:00.000Z', to: '2026-03-02T16:00:00.000Z' });
  });

  test.each([
    '/v1/volumes',
    '/v1/reconciliation',
    '/v1/reconciliation/differences',
    '/v1/logs',
    '/v1/alarms',
    `/logs/${gateway}/tile/entries/000.p/1`,
  ])('%s needs a signature', async (path) => {
    expect(await refusal(bench.open(`${path}`))).toEqual({
      status: 401,
      code: 4010,
      field: 'signature-input',
    });
  });

  test('gives a log back to its owner, who lost it, and to nobody who does not own it', async () => {
    const path = `/logs/${adapter}/tile/entries/000`;
    expect(await refusal(bench.get(path, 'housing-1'))).toEqual({ status: 403, code: 4037 });
    expect(await refusal(bench.get(`/logs/${adapter}/tile/entries/900`, 'hrss-1'))).toEqual({
      status: 404,
      code: 4040,
    });
    expect(await refusal(bench.get('/logs/nobody/adapter/0/checkpoint'))).toEqual({
      status: 404,
      code: 4040,
    });
    const lines = decodeEntryBundle(Buffer.from(await (await bench.get(path, 'hrss-1')).arrayBuffer()), 256);
    const written = await new LogReader({ database: node() }).entries(adapter, 0, 256);
    expect(lines).toEqual(written.map(({ publicLine }) => publicLine));
    expect(await (await bench.open(`/logs/${adapter}/checkpoint`)).text()).toBe(
      bench.answers.writer.checkpoint().note,
    );
    const tile = Buffer.from(await (await bench.open(`/logs/${adapter}/tile/0/000`)).arrayBuffer());
    expect(tile).toEqual(Buffer.concat(written.map(({ leaf }) => leaf)));
    expect(await (await bench.open('/health/ready')).json()).toEqual({
      status: 'ok',
      database: true,
      registry: 1,
    });
  });
});
