import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PROVINCE, type Report } from '#apps/demo';
import { trustRegistry, verifyReceiptBy } from '#client';
import { KeyStore, openRegistry } from '#registry';
import { noteVerifier } from '#tlog';
import { DemoRun } from '../crash/demo-process.js';
import { useDirectory } from '../crash/surface.js';
import { built } from '../support/apart.js';
import { comparable, descendants, stillThere } from './demo-apart.js';

jest.setTimeout(240_000);

const SMALL = ['--persons', '60', '--seed', '5'];
const runs: DemoRun[] = [];
afterAll(() => Promise.all(runs.map((run) => run.remove())));

async function start(...args: string[]): Promise<DemoRun> {
  const run = await DemoRun.start(...args, ...SMALL);
  runs.push(run);
  return run;
}

async function reportOf(...args: string[]): Promise<Report> {
  const run = await start('--once', '--json', ...args);
  expect([await run.exit(), run.errors, await run.leftovers()]).toEqual([0, '', []]);
  return JSON.parse(run.output) as Report;
}

describe('the demo with every process for itself on Kafka', () => {
  const dir = useDirectory();
  let [embedded, first, again]: Report[] = [];

  beforeAll(async () => {
    await built();
    embedded = await reportOf();
    first = await reportOf('--kafka', '--data', dir());
    again = await reportOf('--kafka', '--data', dir());
  }, 400_000);

  test('gives the same answers as in one process', () => {
    expect(first!.exchanges.length).toBeGreaterThan(5);
    expect(comparable(first!)).toEqual(comparable(embedded!));
  });

  test('gives them again on the directory that it kept, and counts both runs', () => {
    const { volumes: _v, reconciliation, ...answers } = comparable(again!) as Report;
    expect(answers).toMatchObject({ exchanges: (comparable(first!) as Report).exchanges });
    expect(reconciliation).toMatchObject({
      exchanges: 2 * first!.reconciliation.exchanges,
      ...{ difference: 0, pending: 0 },
    });
  });

  test('keeps its registry: receipts of the first run hold against the last one’s keys, and its logs went on from them', () => {
    const { publicKey } = new KeyStore(join(dir(), 'nodes', PROVINCE), PROVINCE).current(
      'registry',
      Date.now(),
    )!;
    const pinned = noteVerifier(`${PROVINCE}/registry`, Buffer.from(publicKey, 'base64url'));
    const registry = openRegistry(readFileSync(join(dir(), 'registry.note'), 'utf8'), { pinned });
    expect(registry.number).toBe(1);
    const receipts = (report: Report) => report.exchanges.flatMap(({ receipt }) => receipt ?? []);
    const trust = trustRegistry(registry);
    expect(receipts(first!).map((receipt) => verifyReceiptBy(receipt, trust).valid)).toEqual(
      receipts(first!).map(() => true),
    );
    const place = ({ proof }: { proof: string }) => Number(/^index (\d+)$/m.exec(proof)![1]);
    const highest = Math.max(...receipts(first!).map(place));
    expect(Math.max(...receipts(again!).map(place))).toBeGreaterThan(highest);
  });
});

describe('the demo on Kafka, ended while its processes start', () => {
  /** Some of its processes run, and are named in its folder. */
  const started = (run: DemoRun) => async (): Promise<boolean> => {
    const [name = '.'] = await readdir(run.temporary);
    const logs = await readdir(join(run.temporary, name, 'process-logs')).catch(() => []);
    return logs.length > 3;
  };

  test('by Ctrl-C leaves with 130, no process and no file', async () => {
    const run = await start('--kafka');
    await run.until(started(run));
    const below = await descendants(run.pid);
    for (const kind of [/^\S*java .*kafka\.Kafka/, /dist\/apps\/adapter-/, /postgres -D/])
      expect([...below.values()]).toContainEqual(expect.stringMatching(kind));
    run.signal('SIGINT');
    expect([await run.exit(), run.errors]).toEqual([130, '']);
    expect([await stillThere(below, 1_000), await run.leftovers()]).toEqual([[], []]);
  });

  test('by kill -9 leaves no process', async () => {
    const run = await start('--kafka');
    await run.until(started(run));
    const below = await descendants(run.pid);
    expect(below.size).toBeGreaterThan(5);
    run.signal('SIGKILL');
    expect(await run.exit()).toBe(null);
    expect(await stillThere(below, 40_000)).toEqual([]);
  });
});
