import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database } from '#database';
import {
  erasePrivateLines,
  erasureState,
  evidenceMigrations,
  openErasures,
  openLogWriter,
  orderErasure,
  withdrawErasure,
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
const logger = createLogger('info', { write: (line: string) => void said.push(JSON.parse(line) as never) });
let said: { msg: string; count?: number }[];
let log: LogWriter;
let ordinal = 0;

beforeEach(async () => {
  said = [];
  const origin = `hrss-1/adapter/${ordinal++}`;
  log = await openLogWriter({
    ...{ database: database(), origin, clock: () => AT, tickEvery: 0, sealKey: randomBytes(32) },
    signer: noteSigner(origin, generateKeyPairSync('ed25519').privateKey),
    edgeFile: join(dir, String(ordinal)),
  });
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
  await Promise.all(Array.from({ length: 5 }, () => log.append(draft())));
});

afterEach(() => log.close());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('private lines are erased once the log says so, and whoever ordered it learns how many', async () => {
  const id = await orderErasure(database(), log.origin, LATER);
  expect(await erasureState(database(), id)).toEqual({ begun: false });
  await care().tend();
  expect(await erasureState(database(), id)).toEqual({ begun: true, erased: 6 }); // its own entry is as old
  expect(await acts()).toEqual(['private-lines-erased']);
  expect(said.map(({ msg, count }) => [msg, count])).toEqual([['private lines erased', 6]]);
  await care().tend();
  expect([await acts(), await openErasures(database(), log.origin)]).toEqual([['private-lines-erased'], []]);
});

test('a long log is erased in many statements, each bounded', async () => {
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
  const note = { text: 'x'.repeat(500) };
  for (let i = 0; i < 8; i += 1)
    await Promise.all(Array.from({ length: 600 }, () => log.append({ ...draft(), private: { note } })));
  const { pool } = database();
  const updates: number[] = [];
  const query = async (text: string, values: unknown[]) => {
    const result = await pool.query(text, values);
    if (text.startsWith('update log_entry')) updates.push(result.rowCount!);
    return result;
  };
  const counted = { pool: { query } } as unknown as Pick<Database, 'pool'>;
  expect(await erasePrivateLines(counted, log.origin, LATER)).toBe(4_805);
  expect([updates.length > 1, Math.max(...updates) < 4_805, await kept()]).toEqual([true, true, 0]);
});

test('nothing is erased that the log cannot say, until it can', async () => {
  const id = await orderErasure(database(), log.origin, LATER);
  const append = () => Promise.reject(new Problem('log-unavailable'));
  await care({ origin: log.origin, append }).tend();
  expect([await kept(), await erasureState(database(), id)]).toEqual([5, { begun: true }]);
  expect(await withdrawErasure(database(), id)).toBe(false); // it may have been said
  await care().tend();
  expect([await kept(), await erasureState(database(), id)]).toEqual([0, { begun: true, erased: 6 }]);
});

test('what is interrupted goes on in the next process, is said once, and holds up no other order', async () => {
  const { pool } = database();
  const first = await orderErasure(database(), log.origin, LATER);
  const second = await orderErasure(database(), log.origin, new Date(AT - 1));
  let failures = 1;
  const query = (...args: [string, unknown[]]) =>
    String(args[0]).startsWith('update log_entry') && failures-- > 0
      ? Promise.reject(new Error('away'))
      : pool.query(...args);
  const failing = { pool: { query } } as unknown as Pick<Database, 'pool'>;
  await new ErasureCare({ database: failing, logger }, log).tend();
  expect(await erasureState(database(), first)).toEqual({ begun: true });
  expect(await erasureState(database(), second)).toEqual({ begun: true, erased: 0 });
  const stopped = care();
  await stopped.stop();
  await stopped.tend();
  expect(await erasureState(database(), first)).toEqual({ begun: true });
  await care().tend();
  expect(await erasureState(database(), first)).toEqual({ begun: true, erased: 7 });
  expect(await acts()).toEqual(['private-lines-erased', 'private-lines-erased']);
});

test('an order that was taken back, or is another log’s, is not carried out', async () => {
  const id = await orderErasure(database(), log.origin, LATER);
  await orderErasure(database(), 'hrss-1/gateway/0', LATER);
  expect(await withdrawErasure(database(), id)).toBe(true);
  await care().tend();
  expect([await kept(), await acts()]).toEqual([5, []]);
});

function care(by: Pick<LogWriter, 'append' | 'origin'> = log): ErasureCare {
  return new ErasureCare({ database: database(), logger }, by);
}

/** Lines of this log that are not erased. */
async function kept(): Promise<number> {
  const { rows } = await database().pool.query<{ kept: number }>(
    'select count(*)::int as kept from log_entry where origin = $1 and private is not null',
    [log.origin],
  );
  return rows[0]!.kept;
}

/** What the log says of its administrators. */
async function acts(): Promise<string[]> {
  const { rows } = await database().pool.query<{ reason: string | null }>(
    `select convert_from(public, 'UTF8')::jsonb ->> 'reason' as reason from log_entry where origin = $1 order by index`,
    [log.origin],
  );
  return rows.flatMap(({ reason }) => reason ?? []);
}
