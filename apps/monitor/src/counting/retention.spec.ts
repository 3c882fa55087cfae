import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '#observability';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from '../migrations.js';
import { START } from '../monitor.fixture.js';
import { reconcile } from '../reading/reconciliation.js';
import { addPieces } from './exchange-states.js';
import { type Piece } from './piece.js';
import { addVolumes } from './add-volumes.js';
import { Retention } from './retention.js';
import { volumesOf } from './volumes.js';

const DAY = 86_400_000;
const database = useDatabase(monitorMigrations);
const clock = manualClock(START);
let retention: Retention;

beforeEach(async () => {
  clock.set(START);
  const { pool } = database();
  await pool.query('truncate volume, exchange_state, exchange_tally');
  retention = new Retention({ pool, clock, logger: createLogger('silent') });
});

const LINE = {
  v: 1,
  kind: 'outcome',
  origin: 'housing-1/gateway/0',
  from: 'housing-1',
  to: 'hrss-1',
  outcomes: { found: 1 },
  priv: 'A'.repeat(43),
} as const;

async function count(): Promise<Record<string, number>> {
  const { rows } = await database().pool.query<{ unit: string; rows: number }>(
    'select unit, count(*)::int as rows from volume group by 1 order by 1',
  );
  return Object.fromEntries(rows.map((row) => [row.unit, row.rows]));
}

/** An exchange refused before it was asked: it reconciles; or one whose disclosure never came. */
async function exchange(settled: boolean): Promise<string> {
  const id = randomUUID();
  const at = new Date(clock()).toISOString();
  const common = { origin: LINE.origin, at, from: 'housing-1', to: 'hrss-1' };
  const intent: Piece = { ...common, kind: 'intent', index: 0, leaf: id, deadline: at };
  const refusal: Piece = { ...common, kind: 'outcome', index: 1, leaf: id, outcomes: { refused: 1 } };
  const pieces = settled ? [{ ...refusal, reason: 'not-granted' }] : [intent];
  await addPieces(
    database().pool,
    pieces.map((piece) => ({ exchange: id, piece })),
    60_000,
  );
  return id;
}

describe('what the monitor keeps', () => {
  test('of volumes: minutes for a week, hours for four hundred days, days for ever', async () => {
    const exchanges = Array.from({ length: 3 }, () => randomUUID());
    const lines = exchanges.map((id, i) => ({
      ...LINE,
      exchange: id,
      at: new Date(START + i * 60_000).toISOString(),
    }));
    await addVolumes(database().pool, volumesOf(lines));
    await retention.round();
    const all = { minute: 3, hour: 1, day: 1 };
    expect(await count()).toEqual(all);
    clock.set(START + 7 * DAY + 60_000);
    await retention.round();
    expect(await count()).toEqual({ ...all, minute: 2 });
    clock.set(START + 400 * DAY);
    await retention.round();
    expect(await count()).toEqual({ hour: 1, day: 1 });
    clock.set(START + 401 * DAY);
    await retention.round();
    expect(await count()).toEqual({ day: 1 });
  });

  test('of exchanges: the settled for four hundred days, and the others until they are', async () => {
    const [, open] = [await exchange(true), await exchange(false)];
    const kept = async () =>
      (
        await database().pool.query<{ exchange: string; faults: string[] }>(
          'select exchange, faults from exchange_state order by faults',
        )
      ).rows;
    expect(await kept()).toHaveLength(2);
    clock.set(START + 400 * DAY + 60_000);
    await retention.round();
    expect(await kept()).toHaveLength(2);
    clock.advance(1);
    await retention.round();
    expect(await kept()).toEqual([{ exchange: open, faults: ['disclosure-missing', 'outcome-missing'] }]);
    expect(await reconcile(database().pool, clock())).toMatchObject({
      exchanges: 2,
      settled: 1,
      difference: 1,
    });
  });

  test('in many rows as in few, and no further once it is stopped', async () => {
    await database().pool.query(
      `insert into volume select 'minute', $1::timestamptz + n * interval '1 ms', 'a', 'b', 'c', 'd', 'e', '', 1, 1, 1, 1, 1, 0, 0
        from generate_series(1, 25000) as n`,
      [new Date(START - 30 * DAY)],
    );
    await retention.round();
    expect(await count()).toEqual({});
    await retention.stop();
    await database().pool.query(
      `insert into volume values ('minute', $1, 'a', 'b', 'c', 'd', 'e', '', 1, 1, 1, 1, 1, 0, 0)`,
      [new Date(START - 30 * DAY)],
    );
    await retention.round();
    expect(await count()).toEqual({ minute: 1 });
  });
});
