import { createSecretKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openPool } from '#database';
import { LogReader, subjectCommitment } from '#evidence';
import { ask, type Asked, Callers, endings, isAnswered, isOfItsOwn, shownIn } from './callers.js';
import { startProvinceProcess, type ProvinceProcess } from './province-process.js';
import { closings } from './closings.js';
import { faultsOfAnswers, faultsOfLogs, readBooks } from './record.js';
import { keysOf, LOGS, useDirectory } from './surface.js';

const KILLS = 3;
const ANSWERS_EACH = 50;
const DEADLINE_MS = 5_000;
/** What a busy machine may make of a question in time: source, log or provider took too long, and it was said so. */
const TOO_SLOW = /^(503 503[0-9]|504 504[01])$/;
/** An orphaned intent is closed at most this long after its deadline. */
const CLOSED_WITHIN_MS = 20_000;

let province: ProvinceProcess;
const dir = useDirectory(() => province?.close());
const history: Asked[] = [];
/** From then on nothing was killed any more. */
let startedAt: number;

beforeAll(async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    province = await startProvinceProcess(dir());
    const callers = new Callers(province, { deadlineMs: DEADLINE_MS });
    await callers.answered(ANSWERS_EACH);
    await sleep(Math.random() * 1_000);
    await province.kill();
    history.push(...(await callers.stop()));
  }
  province = await startProvinceProcess(dir());
  startedAt = Date.now();
}, 180_000);

describe('a province killed -9 under load, again and again', () => {
  test('had answered many, and each kill cut off some', () => {
    const { '200': answered = 0, lost = 0, ...other } = endings(history);
    expect(Object.keys(other).filter((ending) => !TOO_SLOW.test(ending))).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(KILLS * ANSWERS_EACH);
    expect(lost).toBeGreaterThanOrEqual(KILLS);
  });

  test('has every answer that left in the provider’s log and in the requester’s, byte for byte', async () => {
    const books = await readBooks(province, LOGS);
    expect(faultsOfAnswers(province, books, shownIn(history))).toEqual([]);
  });

  test('has logs whose rows give the signed roots', async () => {
    expect(await faultsOfLogs(province, LOGS)).toEqual([]);
  });

  test('closes every intent that a kill orphaned as unknown, soon after its deadline', async () => {
    const closed = await closings(province, LOGS, startedAt + DEADLINE_MS + CLOSED_WITHIN_MS);
    expect(closed.filter(({ closedAt }) => closedAt === undefined)).toEqual([]);
    const unknown = closed.filter(({ reason }) => reason === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    const limit = (deadline: number): number => Math.max(deadline, startedAt) + CLOSED_WITHIN_MS;
    expect(unknown.filter(({ deadline, closedAt }) => closedAt! > limit(deadline))).toEqual([]);
  });

  test('answers a repeated request with the answer it gave, and says that it is a repetition', async () => {
    const given = history.filter(isAnswered).slice(-40);
    const again = await Promise.all(given.map((asked) => ask(province, asked)));
    expect(again.map(({ body }) => body)).toEqual(given.map(({ body }) => ({ ...body, replayed: true })));
  });

  test('discloses nothing a second time when a request that was cut off is repeated', async () => {
    const cut = history.filter((asked) => asked.status === undefined && isOfItsOwn(asked));
    const again = await Promise.all(cut.map((asked) => ask(province, asked)));
    expect(
      Object.keys(endings(again)).filter((ending) => ending !== '200' && !TOO_SLOW.test(ending)),
    ).toEqual([]);
    const disclosed = await Promise.all(again.map((asked) => disclosures(asked)));
    expect(disclosed.filter((times) => times > 1)).toEqual([]);
  });
});

/** How often the provider disclosed something of this question's person. */
async function disclosures({ query, request }: Asked): Promise<number> {
  const provider = query.startsWith('HR') ? 'hrss-990000' : 'housing-990000';
  const [{ idType, idNumber }] = request.subjects as [{ idType: string; idNumber: string }];
  const commitment = subjectCommitment(
    createSecretKey(keysOf(province, provider).secret('epoch')),
    idType,
    idNumber,
  );
  const pool = openPool({ url: province.databaseUrls.get(provider)!, name: 'crash-spec' });
  try {
    const reader = new LogReader({ database: { pool } });
    const { entries } = await reader.disclosuresAbout(commitment, { most: 100 });
    return entries.filter(({ origin }) => origin.endsWith('/adapter/0')).length;
  } finally {
    await pool.end();
  }
}
