import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Report } from '#apps/demo';
import { DemoRun } from './demo-process.js';
import { faultsOfAnswers, faultsOfLogs, readBooks } from './record.js';
import { LOGS, openProvince, useDirectory } from './surface.js';

const SMALL = ['--persons', '60'];
const runs: DemoRun[] = [];
afterAll(() => Promise.all(runs.map((run) => run.remove())));

async function start(...args: string[]): Promise<DemoRun> {
  const run = await DemoRun.start(...args);
  runs.push(run);
  return run;
}

function serves({ output }: DemoRun): boolean {
  return /http:\/\/127\.0\.0\.1:\d+/.test(output);
}

/** Whether its data directory, which it makes in its temporary one, holds this already. */
async function has(run: DemoRun, path: string): Promise<boolean> {
  const [name] = await readdir(run.temporary);
  return name !== undefined && existsSync(join(run.temporary, name, path));
}

type Moment = (run: DemoRun) => () => boolean | Promise<boolean>;

async function endedBy(signal: 'SIGINT' | 'SIGTERM', moment: Moment) {
  const run = await start(...SMALL);
  await run.until(moment(run));
  await sleep(Math.random() * 300);
  run.signal(signal);
  return { code: await run.exit(), errors: run.errors, leftovers: await run.leftovers() };
}

describe('the demo with arguments that it cannot take', () => {
  test.each([
    ['an option that it does not know', ['--nonsense']],
    ['too few persons', ['--persons', '3']],
  ])('(%s) ends with 2 and says how it is used', async (_what, args) => {
    const run = await start(...args);
    expect(await run.exit()).toBe(2);
    expect(run.errors).toMatch(/^\S.*\n\nusage: npm run demo/);
    expect([run.output, await run.leftovers()]).toEqual(['', []]);
  });

  test.each([
    ['a file as its data directory', import.meta.filename],
    ['a data directory below a file', join(import.meta.filename, 'below')],
    ['a data directory where the system takes none', '/proc/exchange-gateway'],
  ])('(%s) ends with 1 and one clear line', async (_what, data) => {
    const run = await start('--once', '--data', data);
    expect(await run.exit()).toBe(1);
    expect(run.errors).toMatch(/^7020 [^\n]*--data[^\n]*\n$/);
  });
});

describe('a run of the demo', () => {
  test('with --once --json ends with 0, prints its report, and leaves no process and no file', async () => {
    const run = await start('--once', '--json', ...SMALL);
    expect(await run.exit()).toBe(0);
    const report = JSON.parse(run.output) as Report & { readyMs: number };
    const { exchanges, refusals, reconciliation } = report;
    expect(Object.keys(report)).toEqual(['readyMs', 'exchanges', 'refusals', 'volumes', 'reconciliation']);
    expect(report.readyMs).toBeGreaterThan(0);
    for (const exchange of exchanges) {
      expect(Object.keys(exchange).toSorted()).toEqual([
        ...['answer', 'exchange', 'provider', 'purpose', 'query', 'receipt', 'request'],
        ...['requester', 'status', 'title', 'verified', 'withheld'],
      ]);
    }
    expect(Object.keys(refusals[0]!)).toEqual(expect.arrayContaining(['query', 'status', 'code', 'reason']));
    expect(exchanges.every(({ verified }) => verified)).toBe(true);
    expect(reconciliation.difference).toBe(0);
    expect([run.errors, await run.leftovers()]).toEqual(['', []]);
  }, 120_000);

  test.each([
    ['serves', (run: DemoRun) => () => serves(run)],
    ['makes its database', (run: DemoRun) => () => has(run, 'postgres')],
    ['opens its nodes', (run: DemoRun) => () => has(run, 'postgres/data/postmaster.pid')],
  ] as const)(
    'ended by Ctrl-C or SIGTERM while it %s leaves with 130 or 143, and no process and no file',
    async (_when, moment) => {
      const ends = await Promise.all([endedBy('SIGINT', moment), endedBy('SIGTERM', moment)]);
      const clean = { errors: '', leftovers: [] };
      expect(ends).toEqual([
        { code: 130, ...clean },
        { code: 143, ...clean },
      ]);
    },
    120_000,
  );
});

describe('a data directory that is kept', () => {
  const dir = useDirectory();
  const reports: Report[] = [];
  let refused: DemoRun;

  beforeAll(async () => {
    const first = await start('--once', '--json', '--data', dir(), ...SMALL);
    expect(await first.exit()).toBe(0);
    const second = await start('--data', dir(), ...SMALL);
    await second.until(() => serves(second));
    refused = await start('--once', '--data', dir(), ...SMALL);
    await refused.exit();
    second.signal('SIGTERM');
    expect([await second.exit(), await second.leftovers(dir())]).toEqual([143, []]);
    const third = await start('--once', '--json', '--data', dir(), ...SMALL);
    expect(await third.exit()).toBe(0);
    reports.push(...[first, third].map(({ output }) => JSON.parse(output) as Report));
  }, 180_000);

  test('is refused to a second run at the same time, which says why', async () => {
    expect(await refused.exit()).toBe(1);
    expect(refused.errors).toMatch(/^5035 [^\n]*another run is using this data directory[^\n]*\n$/);
  });

  test('continues its logs: receipts of the first run and of the last are in trees that grew from each other', async () => {
    const { province, surface } = await openProvince(dir());
    try {
      const fund = ['fund-990100/adapter/0', 'fund-990200/adapter/0', 'housing-990000/gateway/0'];
      const logs = [...new Set([...LOGS, ...fund])];
      const books = await readBooks(surface, logs);
      const shown = reports.flatMap(({ exchanges }) =>
        exchanges.map(({ requester, exchange, provider, receipt }) => ({
          requester,
          exchanges: [{ exchange, provider, ...(receipt && { receipt }) }],
        })),
      );
      expect(faultsOfAnswers(surface, books, shown)).toEqual([]);
      expect(await faultsOfLogs(surface, logs)).toEqual([]);
    } finally {
      await province.close();
    }
  }, 120_000);
});
