import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database } from '#database';
import {
  dueErasures,
  erasureState,
  evidenceMigrations,
  openLogWriter,
  orderErasure,
  withdrawErasure,
  type EntryDraft,
  type ErasureOrder,
  type ErasureState,
  type LogWriter,
} from '#evidence';
import { createLogger } from '#observability';
import { Problem } from '#problem';
import { useDatabase } from '#testing';
import { noteSigner } from '#tlog';
import { ErasureCare } from './erasure-care.js';

const AT = Date.parse('2026-06-01T17:00:00.000Z');
const LATER = new Date(AT + 1_000);
const database = useDatabase(evidenceMigrations);
const dir = mkdtempSync(join(tmpdir(), 'erasure-'));
const logger = createLogger('info', { write: (line: string) => void told.push(JSON.parse(line) as never) });
let told: { msg: string; count?: number }[];
let log: LogWriter;
let ordinal = 0;

beforeEach(async () => {
  told = [];
  log = await newLog();
  await write(5);
});

afterEach(() => log.close());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('private lines are erased once the log says so, and whoever ordered it learns how many', async () => {
  const { id } = await order();
  expect(await erasureState(database(), id)).toEqual({ begun: false, said: false, done: false, erased: 0 });
  await care().tend();
  expect(await erasureState(database(), id)).toEqual(done(6)); // its own entry is as old
  expect(await acts()).toEqual([id]);
  expect(told.map(({ msg, count }) => [msg, count])).toEqual([['private lines erased', 6]]);
  await care().tend();
  expect([await acts(), await dueErasures(database(), log.origin)]).toEqual([[id], []]);
});

test('a log that cannot be written begins nothing', async () => {
  const { id } = await order();
  const health = () => ({ ...log.health(), state: 'unavailable' as const });
  await care(database(), { ...speaker(), health }).tend();
  expect(await erasureState(database(), id)).toMatchObject({ begun: false });
  expect(await withdrawErasure(database(), id)).toBe(true);
});

test('nothing is erased that the log did not say; what it could not say is tried again, later and later', async () => {
  const { id } = await order();
  const append = () => Promise.reject(new Problem('log-unavailable'));
  const mute = care(database(), { ...speaker(), append });
  await mute.tend();
  const begun = { begun: true, said: false, done: false, erased: 0, failure: 'log-unavailable' };
  expect([await kept(), await erasureState(database(), id)]).toEqual([5, begun]);
  expect(await withdrawErasure(database(), id)).toBe(false); // it may have been said
  const waits = [];
  for (let i = 0; i < 12; i += 1) {
    waits.push(await untilNext(id));
    await mute.tend();
    expect(await dueErasures(database(), log.origin)).toEqual([]);
    await makeDue();
    await mute.tend();
  }
  expect(waits.map((seconds) => Math.round(seconds))).toEqual([
    ...[5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600],
  ]);
  await makeDue();
  await care().tend();
  expect([await kept(), await erasureState(database(), id)]).toEqual([0, { ...begun, ...done(6) }]);
});

test('what the log took and could not acknowledge is said once', async () => {
  const { id } = await order();
  const append: LogWriter['append'] = async (draft) => {
    await log.append(draft);
    throw new Problem('log-unavailable');
  };
  await care(database(), { ...speaker(), append }).tend();
  expect(await erasureState(database(), id)).toMatchObject({ said: true, done: false, erased: 0 });
  await makeDue();
  await care().tend();
  expect(await erasureState(database(), id)).toMatchObject({ done: true, erased: 6 });
  expect(await acts()).toEqual([id]);
});

test('an order that fails holds up no other', async () => {
  const first = await order();
  const second = await order(new Date(AT - 1));
  let failures = 1;
  const failing = watched(() =>
    failures-- > 0 ? Promise.reject(new Error('of a line: its text')) : undefined,
  );
  await care(failing).tend();
  expect(await erasureState(database(), first.id)).toMatchObject({ done: false, failure: 'internal' });
  expect(await erasureState(database(), second.id)).toEqual(done(0));
  await makeDue();
  await care().tend();
  expect(await erasureState(database(), first.id)).toMatchObject(done(7));
});

test('an order that was taken back, lapsed, or is another log’s, is not carried out', async () => {
  const { id } = await order();
  expect(await withdrawErasure(database(), id)).toBe(true);
  const lapsed = await order();
  await database().pool.query('update erasure_order set begin_by = now() where id = $1', [lapsed.id]);
  await orderErasure(database(), 'hrss-1/gateway/0', LATER);
  await care().tend();
  expect([await kept(), await acts()]).toEqual([5, []]);
});

test('a closed log’s are said, and carried out, by one other log of its agency', async () => {
  const closed = log;
  await expect(orderErasure(database(), closed.origin, LATER, 'hrss-1/adapter/99')).rejects.toMatchObject({
    problem: 'log-fenced',
  });
  await closed.close();
  await database().pool.query('update log_head set closed = true where origin = $1', [closed.origin]);
  const { id } = await order();
  const [stranger, second] = [await newLog('hrss-2'), await newLog()];
  log = await newLog();
  for (const writer of [stranger, second, log]) await care(database(), writer).tend();
  expect(await erasureState(database(), id)).toEqual(done(5));
  expect([await acts(stranger), await acts(second), await acts()]).toEqual([[], [id], []]);
  expect(await notes(second)).toEqual([{ origin: closed.origin, before: LATER.toISOString() }]);
  await Promise.all([stranger.close(), second.close()]);
});

describe('a long log', () => {
  beforeEach(async () => {
    const note = { text: 'x'.repeat(500) };
    for (let i = 0; i < 8; i += 1) await write(600, { note });
  });

  test('is erased in many statements, each bounded, whose counts add up whatever came in between', async () => {
    const { id } = await order();
    const counts: number[] = [];
    const failing = watched(async (run) => {
      if (counts.length === 1) return Promise.reject(new Error('away'));
      const before = (await erasureState(database(), id))!.erased;
      const result = await run();
      counts.push((await erasureState(database(), id))!.erased - before);
      return result;
    });
    await care(failing).tend();
    expect(await erasureState(database(), id)).toMatchObject({ done: false, erased: counts[0] });
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[0]).toBeLessThan(4_805);
    await makeDue();
    await care().tend();
    expect(await erasureState(database(), id)).toMatchObject(done(4_806));
    expect(told.at(-1)).toMatchObject({ msg: 'private lines erased', count: 4_806 });
    expect([await kept(), await acts()]).toEqual([0, [id]]);
  });

  test('is left between two statements by a process that ends, without a word, and finished by the next', async () => {
    const { id } = await order();
    let statements = 0;
    let stopped: Promise<void> | undefined;
    const ending = care(
      watched((run) => {
        statements += 1;
        stopped ??= ending.stop();
        return run();
      }),
    );
    await ending.tend();
    await stopped;
    const left = (await erasureState(database(), id))!;
    expect([statements, left.done, left.failure, told]).toEqual([1, false, undefined, []]);
    await care().tend();
    expect(await erasureState(database(), id)).toEqual(done(4_806));
  });
});

async function newLog(agency = 'hrss-1'): Promise<LogWriter> {
  const origin = `${agency}/adapter/${ordinal++}`;
  return openLogWriter({
    ...{ database: database(), origin, clock: () => AT, tickEvery: 0, sealKey: randomBytes(32) },
    signer: noteSigner(origin, generateKeyPairSync('ed25519').privateKey),
    edgeFile: join(dir, String(ordinal)),
  });
}

async function write(entries: number, more: Pick<EntryDraft, 'private'>['private'] = {}): Promise<void> {
  const draft = { kind: 'admin', from: 'hrss-1', to: 'hrss-1', private: more } as const;
  await Promise.all(Array.from({ length: entries }, () => log.append({ ...draft, exchange: randomUUID() })));
}

function order(before = LATER): Promise<ErasureOrder> {
  return orderErasure(database(), log.origin, before);
}

function done(erased: number): ErasureState {
  return { begun: true, said: true, done: true, erased };
}

type Speaker = Pick<LogWriter, 'append' | 'health' | 'origin'>;

function care(at: Pick<Database, 'pool'> = database(), by: Speaker = log): ErasureCare {
  return new ErasureCare({ database: at, logger }, by);
}

/** The log, in parts that a test replaces. */
function speaker(): Speaker {
  return { origin: log.origin, append: (draft) => log.append(draft), health: () => log.health() };
}

/** The database, with a hand in the statements that erase lines of logs; without an answer of its own they run. */
function watched(
  erases: (run: () => Promise<unknown>) => Promise<unknown> | undefined,
): Pick<Database, 'pool'> {
  const { pool } = database();
  const query = (text: string, values: unknown[]) => {
    const run = () => pool.query(text, values);
    return (String(text).includes('update log_entry') ? erases(run) : undefined) ?? run();
  };
  return { pool: { query } } as unknown as Pick<Database, 'pool'>;
}

/** Time passes, for orders that are to be tried again later. */
async function makeDue(): Promise<void> {
  await database().pool.query('update erasure_order set next_try = now()');
}

/** Seconds. */
async function untilNext(id: string): Promise<number> {
  const { rows } = await database().pool.query<{ seconds: number }>(
    'select extract(epoch from next_try - now())::float8 as seconds from erasure_order where id = $1',
    [id],
  );
  return rows[0]!.seconds;
}

/** Lines of this log that are not erased. */
async function kept(): Promise<number> {
  const { rows } = await database().pool.query<{ kept: number }>(
    'select count(*)::int as kept from log_entry where origin = $1 and private is not null',
    [log.origin],
  );
  return rows[0]!.kept;
}

/** Orders that a log says of, in its order. */
async function acts({ origin } = log): Promise<string[]> {
  const { rows } = await database().pool.query<{ id: string }>(
    `select o.id from log_entry e join erasure_order o using (exchange)
      where e.origin = $1 and convert_from(e.public, 'UTF8') like '%"reason":"private-lines-erased"%' order by e.index`,
    [origin],
  );
  return rows.map(({ id }) => id);
}

/** What a log says of its acts. */
async function notes({ origin }: LogWriter): Promise<unknown[]> {
  const { rows } = await database().pool.query<{ note: unknown }>(
    `select convert_from(private, 'UTF8')::jsonb -> 'note' as note from log_entry where origin = $1 order by index`,
    [origin],
  );
  return rows.map(({ note }) => note);
}
