import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Pool } from 'pg';
import { evidenceMigrations, LogReader, type Tail } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { Edge } from '#tlog';
import { monitorMigrations } from '../migrations.js';
import { intent, ORIGINS, START } from '../monitor.fixture.js';
import { readLog } from './log-row.js';
import { breakingAt, forgetLogs, MirrorBench } from './mirror.fixture.js';
import { type Taken } from './mirror.js';
import { edgeAt, rootAt } from './mirror-tiles.js';

const { gateway, adapter } = ORIGINS;

const monitor = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations);
const clock = manualClock(START);
const bench = new MirrorBench(monitor, node, clock);
const take = (tail: Tail, pool?: Pool): Promise<Taken> => bench.take(tail, pool);

beforeEach(async () => {
  clock.set(START);
  await Promise.all([bench.forget(), forgetLogs(node())]);
});
afterEach(() => bench.province.closeLogs());

describe('a mirror', () => {
  test('takes tails in order and holds exactly what was signed, at every size that was', async () => {
    const log = await bench.open(adapter);
    await bench.write(log, 5);
    await Promise.all(Array.from({ length: 700 }, () => log.writer.append(intent(clock))));
    for (const tail of log.tails) expect(await take(tail)).toBe('grew');
    const mirrored = (await readLog(bench.pool, adapter))!;
    expect([mirrored.edge.size, mirrored.root, mirrored.note]).toEqual([
      705,
      log.writer.checkpoint().root,
      log.writer.checkpoint().note,
    ]);
    const leaves = (await new LogReader({ database: node() }).entries(adapter, 0, 705)).map(
      ({ leaf }) => leaf,
    );
    for (const size of [0, 1, 5, 255, 256, 257, 511, 512, 700, 705]) {
      const naive = Edge.empty().extend(leaves.slice(0, size));
      expect(await rootAt(bench.pool, adapter, size)).toEqual(naive.root);
      expect(await edgeAt(bench.pool, adapter, size)).toEqual(naive.edge);
    }
  });

  test('takes nothing twice and nothing out of order: what is missing has to be pulled', async () => {
    const log = await bench.open(adapter);
    await bench.write(log, 4);
    const [first, second, third, fourth] = log.tails as [Tail, Tail, Tail, Tail];
    expect([await take(third), await take(first), await take(first), await take(third)]).toEqual([
      'unproven',
      'grew',
      'known',
      'unproven',
    ]);
    expect([await take(second), await take(third), await take(second), await take(fourth)]).toEqual([
      'grew',
      'grew',
      'known',
      'grew',
    ]);
    expect(await bench.sizeOf(adapter)).toBe(4);
    expect(await bench.alarms()).toEqual([]);
  });

  test('refuses lines that do not give the signed root, whatever is wrong with them', async () => {
    const log = await bench.open(adapter);
    await bench.write(log, 3);
    const [first, second, third] = log.tails as [Tail, Tail, Tail];
    await take(first);
    const wrong: Partial<Tail>[] = [
      { lines: third.lines },
      { lines: [] },
      { lines: [...second.lines, ...third.lines] },
      { from: 0 },
      { checkpoint: third.checkpoint },
    ];
    for (const change of wrong) expect(await take({ ...second, ...change })).toBe('unproven');
    expect(await bench.sizeOf(adapter)).toBe(1);
  });

  test('counts the same whatever is lost, doubled, late or cut short by a crash on the way', async () => {
    const log = await bench.open(adapter);
    await bench.write(log, 12);
    for (const tail of log.tails) await take(tail);
    const expected = await bench.everything();
    const orders = fc.array(fc.nat(log.tails.length - 1), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        await bench.forget();
        for (const i of order) await take(log.tails[i]!);
        const all = log.tails.flatMap(({ lines }) => lines);
        const from = (await bench.sizeOf(adapter)) ?? 0;
        await take({ ...log.tails.at(-1)!, from, lines: all.slice(from) });
        expect(await bench.everything()).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test('is whole after a connection that broke at any statement of a growth, once the tail comes again', async () => {
    const log = await bench.open(gateway);
    await Promise.all(Array.from({ length: 260 }, () => log.writer.append(intent(clock))));
    for (const tail of log.tails) await take(tail);
    const expected = await bench.everything();
    for (let statement = 1, crashed = true; crashed; statement += 1) {
      await bench.forget();
      const fragile = breakingAt(bench.pool, statement);
      crashed = false;
      for (const tail of log.tails) {
        crashed = await take(tail, fragile).then(() => crashed, () => true); // prettier-ignore
      }
      for (const tail of log.tails) await take(tail);
      expect(await bench.everything()).toEqual(expected);
      if (!crashed) expect(statement).toBeGreaterThan(10);
    }
  });
});
