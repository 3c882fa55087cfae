import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { mirrored, type Province } from '#apps/demo';
import { openPool, startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import { recoverLog, type Recovered } from '#node';
import { ask, endings, questionOf, shownIn, type Asked } from './callers.js';
import { DemoRun } from './demo-process.js';
import { faultsOfAnswers, faultsOfLogs, readBooks } from './record.js';
import { keysOf, LOGS, openProvince, SETTINGS, useDirectory, verifierOf, type Surface } from './surface.js';

type Pool = ReturnType<typeof openPool>;

/** The agency whose database is put back; it asks and it answers, so that two logs are in it. */
const AGENCY = 'hrss-990000';
const ITS_LOGS = ['hrss-990000/gateway/0', 'hrss-990000/adapter/0'];
const DATABASE = 'node_hrss_990000';
const MONITORS = 'node_data_990000';
const COPY = 'older_copy';
const DAY_MS = 86_400_000;

const dir = useDirectory(() => province?.close());
let province: Province | undefined;
let surface: Surface;
const history: Asked[] = [];

beforeAll(async () => {
  await running(async () => {
    history.push(...(await askEverybody()));
  });
  await maintaining(async (server, admin) => {
    await admin.query(`create database ${COPY} template ${DATABASE} owner ${DATABASE}`);
  });
  await running(async (opened) => {
    history.push(...(await askEverybody()));
    await opened.watching.monitor.watch();
    expect(await mirrored(opened, 60_000)).toBe(true); // what the mirror lacks cannot be filled up from it
  });
  expect(endings(history)).toEqual({ 200: 24 });
  await maintaining(async (server, admin) => {
    await admin.query(`drop database ${DATABASE}`);
    await admin.query(`alter database ${COPY} rename to ${DATABASE}`);
  });
}, 180_000);

describe('an agency’s database that was put back from an older copy', () => {
  test('stops the province, which says which log lacks what it signed', async () => {
    await expect(openProvince(dir())).rejects.toMatchObject({
      problem: 'log-behind-edge',
      detail: expect.stringContaining(ITS_LOGS[0]!) as unknown,
    });
    const run = await DemoRun.start('--once', '--data', dir(), '--persons', '60');
    expect([await run.exit(), run.output, run.errors]).toEqual([
      1,
      '',
      expect.stringMatching(/^6021 [^\n]*hrss-990000\/gateway\/0[^\n]*\n$/),
    ]);
    expect(await run.leftovers(dir())).toEqual([]);
    await run.remove();
  });

  test('is filled up again from the monitor’s mirror, and its day is counted as spent', async () => {
    const today = new Date(Date.now() + DAY_MS / 3).toISOString().slice(0, 10); // Asia/Shanghai
    const recovered = await maintaining((server) =>
      Promise.all(ITS_LOGS.map((origin) => recover(server, origin))),
    );
    expect(recovered.filter(({ added, spent }) => added >= 4 && spent === today)).toEqual(recovered);
  });

  test('lets its agency ask again at once, and answer again the next day', async () => {
    await running(async () => {
      const [housing, hrss, fund] = await Promise.all(
        ['housing-990100', 'hrss-990000', 'fund-990100'].map((agency) => ask(surface, questionOf(agency))),
      );
      history.push(hrss!, fund!);
      expect(endings([hrss!, fund!])).toEqual({ 200: 2 });
      expect(endings([housing!])).toEqual({ '429 4291': 1 });
    });
    const tomorrow = (): number => Date.now() + DAY_MS;
    await running(async () => {
      history.push(await ask(surface, questionOf('housing-990100'), tomorrow));
      expect(endings(history.slice(-1))).toEqual({ 200: 1 });
    }, tomorrow);
  }, 120_000);

  test('has in its logs again what it answered after the copy was made, and goes on from there', async () => {
    await running(async () => {
      const books = await readBooks(surface, LOGS);
      expect(faultsOfAnswers(surface, books, shownIn(history))).toEqual([]);
      expect(await faultsOfLogs(surface, LOGS)).toEqual([]);
    });
  }, 120_000);
});

/** Each of the three bureaus asks four times. */
function askEverybody(): Promise<Asked[]> {
  const agencies = ['housing-990100', 'hrss-990000', 'fund-990100'];
  return Promise.all(
    agencies.flatMap((agency) => Array.from({ length: 4 }, () => ask(surface, questionOf(agency)))),
  );
}

async function running(
  work: (opened: Province) => Promise<void>,
  clock: () => number = Date.now,
): Promise<void> {
  ({ province, surface } = await openProvince(dir(), { clock }));
  try {
    await work(province);
  } finally {
    await province.close();
    province = undefined;
  }
}

/** The database server alone, as its administrator has it while the province is stopped. */
async function maintaining<T>(work: (server: EmbeddedPostgres, admin: Pool) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ dir: join(dir(), 'postgres'), settings: SETTINGS });
  try {
    return await using(server.url(), (admin) => work(server, admin));
  } finally {
    await server.stop();
  }
}

async function using<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = openPool({ url, name: 'crash-spec' });
  return work(pool).finally(() => pool.end());
}

/** As the runbook has it: what the mirror holds beyond the copy, under the checkpoint that the log signed itself. */
function recover(server: EmbeddedPostgres, origin: string): Promise<Recovered> {
  return using(server.url(MONITORS), async (mirror) => {
    const { rows } = await mirror.query<{ note: string }>('select note from mirror_log where origin = $1', [
      origin,
    ]);
    return using(server.url(DATABASE, DATABASE), (pool) =>
      recoverLog({
        database: { pool },
        origin,
        keys: keysOf(surface, AGENCY),
        dir: join(dir(), 'nodes', AGENCY),
        checkpoint: rows[0]!.note,
        verifier: verifierOf(surface, origin),
        clock: Date.now,
        mirrored: (from, size) => linesOf(mirror, origin, from, size),
      }),
    );
  });
}

async function linesOf(mirror: Pool, origin: string, from: number, size: number): Promise<Buffer[]> {
  const { rows } = await mirror.query<{ public: Buffer }>(
    'select public from mirror_line where origin = $1 and index >= $2 and index < $3 order by index',
    [origin, from, size],
  );
  return rows.map((row) => row.public);
}
