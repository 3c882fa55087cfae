import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '#database';
import {
  beginErasure,
  closeErasure,
  dueErasures,
  evidenceMigrations,
  noteErasureFailure,
  orderErasure,
} from '#evidence';
import { ErasureCare } from '#node';
import { createLogger } from '#observability';
import { quotaMigrations } from '#quota';
import { KeyStore } from '#registry';
import { useDatabaseUrl } from '#testing';
import { cli, NOW, type Ran } from './cli.fixture.js';
import { awaitErasure } from './commands/log/await-erasure.js';
import { writeEntries, writingEntries } from './node-log.fixture.js';
import { LOG, useProvince } from './province.fixture.js';
import { erasedWords } from './words/erased.js';

const SUCCESSOR = 'hrss-990000/adapter/1';
const OTHER = 'hrss-990000/gateway/0';
const LATER = NOW + 86_400_000;
const BEFORE = new Date(LATER).toISOString();
const { path } = useProvince();
const url = useDatabaseUrl();
let database: Database;

beforeAll(async () => {
  const migrations = [...evidenceMigrations, ...quotaMigrations];
  database = await openDatabase({ url: url(), name: 'cli-spec', migrations });
  const keys = new KeyStore(path('hrss'), 'hrss-990000');
  keys.logKey(SUCCESSOR, NOW);
  for (const origin of [LOG, OTHER]) await writeAndClose(origin);
});

afterAll(() => database.close());

async function writeAndClose(origin: string): Promise<void> {
  const { checkpoint } = await writeEntries(database, path('hrss'), origin, 5);
  const file = path('checkpoint');
  writeFileSync(file, checkpoint);
  const own = ['--store', path('hrss'), '--database', url(), '--origin', origin];
  const { code, err } = await cli(['log', 'close', ...own, '--successor', SUCCESSOR, '--checkpoint', file]);
  expect([code, err]).toEqual([0, '']);
}

describe('private lines of a closed log', () => {
  const erase = (origin: string, ...more: string[]): Promise<Ran> =>
    cli(['log', 'erase', '--database', url(), '--origin', origin, '--before', BEFORE, ...more], {
      now: LATER,
    });

  test('are not erased by a log that is not there, or that speaks for another which is not closed', async () => {
    const alone = ['--store', path('hrss')];
    expect(await erase(LOG, ...alone)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^6020 .*closed/),
    });
    expect(await erase(LOG, ...alone, '--as', 'hrss-990000/adapter/7')).toMatchObject({
      ...{ code: 2, err: '4040 没有找到: the database does not know this log (--as)\n' },
    });
    await writeEntries(database, path('hrss'), 'hrss-990000/adapter/2', 1);
    const live = ['--as', 'hrss-990000/adapter/2'];
    expect(await erase(SUCCESSOR, ...alone, ...live)).toMatchObject({
      ...{ code: 1, err: expect.stringMatching(/^6020 .*not closed/) },
    });
    expect(await kept(LOG)).toBe(5);
  });

  test('are erased by the process of another log of the agency, which says so', async () => {
    await writingEntries(database, path('hrss'), SUCCESSOR, async (log) => {
      const care = new ErasureCare({ database, logger: createLogger('silent') }, log);
      const ordered = erase(LOG);
      while ((await dueErasures(database, SUCCESSOR)).length === 0) await sleep(20);
      await care.tend();
      expect(await ordered).toEqual({
        ...{ code: 0, err: '', out: `${LOG}: 5 private lines before ${BEFORE} erased\n` },
      });
    });
    expect([await kept(LOG), await kept(OTHER)]).toEqual([0, 5]);
    expect(await lastNote(SUCCESSOR)).toEqual({ origin: LOG, before: BEFORE });
  });

  test('are erased by the command itself while none runs, said in the log that it names', async () => {
    const { code, out, err } = await erase(OTHER, '--store', path('hrss'), '--as', SUCCESSOR, '--json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({ origin: OTHER, before: BEFORE, done: true, erased: 5 });
    expect(await kept(OTHER)).toBe(0);
    expect(await lastNote(SUCCESSOR)).toEqual({ origin: OTHER, before: BEFORE });
  });
});

describe('who ordered an erasure', () => {
  const soon = { begunWithinMs: 0, endedWithinMs: 0 };
  const order = () => orderErasure(database, SUCCESSOR, new Date(LATER));

  test('is told that it was taken back when nobody began, and that it is gone when somebody removed it', async () => {
    const { id } = await order();
    await expect(awaitErasure(database, id, soon)).rejects.toMatchObject({
      ...{ problem: 'log-unavailable', detail: expect.stringContaining('nothing is said or erased') },
    });
    await expect(awaitErasure(database, id, soon)).rejects.toMatchObject({
      ...{ problem: 'not-found', detail: `order ${id} is not in the database any more` },
    });
  });

  test('is told that the process is busy with another order, of the same log or of one that it speaks for', async () => {
    const { id: first } = await order();
    await beginErasure(database, first, SUCCESSOR);
    for (const log of [SUCCESSOR, LOG]) {
      const { id } = await orderErasure(database, log, new Date(LATER));
      await expect(awaitErasure(database, id, soon)).rejects.toMatchObject({
        problem: 'log-unavailable',
        detail: `the process that writes it is busy with order ${first}: this one is taken back, nothing of it is said or erased; order it again when that one is done; if none runs any more, --store erases without one`,
      });
    }
    await noteErasureFailure(database, first, 'log-unavailable'); // tried again later: nobody is busy with it
    const { id } = await order();
    await expect(awaitErasure(database, id, soon)).rejects.toMatchObject({
      detail: expect.stringContaining('no process that writes it began'),
    });
    await closeErasure(database, first);
  });

  test('is told that the log does not say it yet, and why', async () => {
    const { id } = await order();
    await beginErasure(database, id, SUCCESSOR);
    await noteErasureFailure(database, id, 'log-unavailable');
    await expect(awaitErasure(database, id, soon)).rejects.toMatchObject({
      problem: 'log-unavailable',
      detail: `order ${id} is not said in the log yet, and nothing erased; it goes on without this command; what failed last: log-unavailable`,
    });
  });

  test('is told how far it has come when it is said, and takes long', async () => {
    const { id, exchange } = await order();
    await beginErasure(database, id, SUCCESSOR);
    await writingEntries(database, path('hrss'), SUCCESSOR, async (log) => {
      await log.append({ kind: 'admin', exchange, from: 'hrss-990000', to: 'hrss-990000' });
    });
    await noteErasureFailure(database, id, '57014');
    const { done, erased, failure } = await awaitErasure(database, id, soon);
    expect(erasedWords(LOG, BEFORE, { done, erased, failure: failure!, order: id })).toBe(
      `${LOG}: 0 private lines before ${BEFORE} erased until now; order ${id} goes on without this command; what failed last: 57014`,
    );
  });
});

/** Lines of a log that are not erased. */
async function kept(origin: string): Promise<number> {
  const { rows } = await database.pool.query<{ kept: number }>(
    'select count(*)::int as kept from log_entry where origin = $1 and private is not null',
    [origin],
  );
  return rows[0]!.kept;
}

/** What the newest entry of a log says. */
async function lastNote(origin: string): Promise<unknown> {
  const { rows } = await database.pool.query<{ note: unknown }>(
    `select convert_from(private, 'UTF8')::jsonb -> 'note' as note from log_entry
      where origin = $1 order by index desc limit 1`,
    [origin],
  );
  return rows[0]!.note;
}
