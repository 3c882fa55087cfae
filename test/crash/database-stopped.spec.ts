import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import { type Asked, Callers, endings, isAnswered, shownIn } from './callers.js';
import { closings } from './closings.js';
import { faultsOfAnswers, faultsOfLogs, readBooks } from './record.js';
import { LOGS, openProvince, SETTINGS, useDirectory, type Surface } from './surface.js';

const DEADLINE_MS = 5_000;
const DOWN_MS = 3_000;
const CLOSED_WITHIN_MS = 20_000;

let province: Province;
let surface: Surface;
let restarted: EmbeddedPostgres | undefined;
const dir = useDirectory(async () => {
  await province?.close();
  await restarted?.stop();
});

let history: Asked[];
/** Stopped; to be started; started: milliseconds since the epoch. */
let [downAt, upAt, readyAt] = [0, 0, 0];
const health: Record<string, number[]> = { live: [], ready: [] };

beforeAll(async () => {
  ({ province, surface } = await openProvince(dir()));
  const callers = new Callers(surface, { deadlineMs: DEADLINE_MS });
  await callers.answered(100);
  await lookAtHealth();
  const { postgres } = province.databases;
  await postgres.stop('immediate');
  downAt = Date.now();
  await sleep(DOWN_MS / 2);
  await lookAtHealth();
  await sleep(DOWN_MS / 2);
  upAt = Date.now();
  restarted = await startEmbeddedPostgres({
    dir: join(dir(), 'postgres'),
    port: postgres.port,
    settings: SETTINGS,
  });
  readyAt = Date.now();
  await callers.answered(callers.history.filter(isAnswered).length + 100);
  await lookAtHealth();
  history = await callers.stop();
}, 120_000);

describe('PostgreSQL stopped in immediate mode under load', () => {
  test('keeps the process up, which says that it is not ready', () => {
    expect(health).toEqual({ live: [200, 200, 200], ready: [200, 503, 200] });
    expect(endings(history)).not.toHaveProperty('lost');
  });

  test('answers whoever asks meanwhile 503 within three seconds, with the log’s code', () => {
    const meanwhile = history.filter(({ begun, ms }) => begun > downAt && begun + ms < upAt);
    expect(Object.keys(endings(meanwhile))).toEqual(['503 5031']);
    expect(Math.max(...meanwhile.map(({ ms }) => ms))).toBeLessThan(3_000);
  });

  test('lets nobody wait past the deadline, and gives no answer without data a 200', () => {
    expect(Math.max(...history.map(({ ms }) => ms))).toBeLessThan(DEADLINE_MS + 3_000);
    const kinds = Object.keys(endings(history));
    expect(kinds.filter((ending) => !/^(200|503 503[0-9]|504 504[01])$/.test(ending))).toEqual([]);
  });

  test('is recovered from unaided: questions are answered again', () => {
    expect(history.filter((asked) => asked.begun > upAt && isAnswered(asked)).length).toBeGreaterThan(32);
  });

  test('loses nothing that was acknowledged: every answer is in both logs, and their rows give the signed roots', async () => {
    const books = await readBooks(surface, LOGS);
    expect(faultsOfAnswers(surface, books, shownIn(history))).toEqual([]);
    expect(await faultsOfLogs(surface, LOGS)).toEqual([]);
  });

  test('leaves no intent without an outcome', async () => {
    const closed = await closings(surface, LOGS, readyAt + DEADLINE_MS + CLOSED_WITHIN_MS);
    const limit = (deadline: number): number => Math.max(deadline, readyAt) + CLOSED_WITHIN_MS;
    const late = closed.filter(({ deadline, closedAt = Infinity }) => closedAt > limit(deadline));
    expect(late).toEqual([]);
  });
});

async function lookAtHealth(): Promise<void> {
  for (const kind of ['live', 'ready']) {
    const { status } = await fetch(`${surface.urls.get('housing-990100')!}/health/${kind}`);
    health[kind]!.push(status);
  }
}
