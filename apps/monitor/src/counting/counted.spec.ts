import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, parsePublicLine, type Tail } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from '../migrations.js';
import { forgetLogs, MirrorBench } from '../mirror/mirror.fixture.js';
import { type Taken } from '../mirror/mirror.js';
import { disclosure, intent, leafOf, ORIGINS, outcome, START } from '../monitor.fixture.js';
import { reconcile } from '../reading/reconciliation.js';
import { matchReplays } from './exchange-states.js';
import { volumesOf } from './volumes.js';

const { gateway, adapter } = ORIGINS;

const monitor = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations);
const clock = manualClock(START);
const bench = new MirrorBench(monitor, node, clock);
const take = (tail: Tail): Promise<Taken> => bench.take(tail);

beforeEach(async () => {
  clock.set(START);
  await Promise.all([bench.forget(), forgetLogs(node())]);
});
afterEach(() => bench.province.closeLogs());

describe('what is counted', () => {
  test('equals a recount of the mirrored lines, over two logs that grow at the same time', async () => {
    const [asks, answers] = [await bench.open(gateway), await bench.open(adapter)];
    for (let i = 0; i < 30; i += 1) {
      clock.advance(i * 7_000);
      const asked = intent(clock, randomUUID(), { region: `9901${i % 3}0` });
      const first = await asks.writer.append(asked);
      const told =
        i % 5 === 0
          ? undefined
          : await answers.writer.append(
              disclosure(asked, first, i % 4 === 0 ? { outcomes: { none: 1 }, rows: 0 } : {}),
            );
      const ended = await asks.writer.append(
        outcome(asked, first, told, i % 4 === 0 && told ? { outcomes: { none: 1 } } : {}),
      );
      if (i % 6 === 1) {
        const { exchange: _exchange, ...again } = outcome(asked, first, told);
        await asks.writer.append({ ...again, exchange: randomUUID(), replayed: true });
      }
      expect(ended.index).toBeGreaterThan(0);
    }
    await Promise.all(
      [asks, answers].map(async ({ tails }) => {
        for (const tail of tails) await take(tail);
      }),
    );
    const { rows } = await bench.pool.query<{ public: Buffer }>('select public from mirror_line');
    const recount = volumesOf(rows.map((row) => parsePublicLine(row.public)));
    const { rows: stored } = await bench.pool.query<Record<string, unknown>>(
      `select unit, at, requester, provider, query, region, outcome, reason, exchanges::float8, subjects::float8,
        disclosures::float8, rows::float8, held_back::float8 as "heldBack", replays::float8, replayed_subjects::float8 as "replayedSubjects"
        from volume`,
    );
    const sorted = (list: object[]) => list.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
    expect(sorted(stored.map((row) => ({ ...row, at: (row['at'] as Date).toISOString() })))).toEqual(
      sorted(recount),
    );
    await matchReplays(bench.pool); // as the watch does: a replay may be mirrored before what it repeats
    clock.advance(600_000);
    expect(await reconcile(bench.pool, clock())).toEqual({
      at: new Date(clock()).toISOString(),
      exchanges: 35,
      settled: 35,
      pending: 0,
      difference: 0,
      byKind: {},
    });
  });

  test('an exchange that is acknowledged late is a difference until then, and counted once', async () => {
    const [asks, answers] = [await bench.open(gateway), await bench.open(adapter)];
    const asked = intent(clock);
    const first = await asks.writer.append(asked);
    const told = await answers.writer.append(disclosure(asked, first));
    const nothing = outcome(asked, first);
    await asks.writer.append(nothing);
    for (const tail of [...asks.tails, ...answers.tails]) await take(tail);
    clock.advance(600_000);
    expect(await reconcile(bench.pool, clock())).toMatchObject({
      ...{ exchanges: 1, settled: 0, difference: 1 },
      byKind: { 'disclosure-unacknowledged': 1 },
    });
    await asks.writer.append({ ...nothing, answer: leafOf(told), late: true });
    await take(asks.tails.at(-1)!);
    const reconciled = { exchanges: 1, settled: 1, pending: 0, difference: 0, byKind: {} };
    expect(await reconcile(bench.pool, clock())).toMatchObject(reconciled);
    const { rows } = await bench.pool.query(
      "select sum(exchanges)::int as exchanges, sum(subjects)::int as subjects from volume where unit = 'day'",
    );
    expect(rows).toEqual([{ exchanges: 1, subjects: 1 }]);
  });
});
