import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { openPool } from '#database';
import { ask, type Asked, endings, isAnswered, questionOf, shownIn } from './callers.js';
import { faultsOfAnswers, faultsOfLogs, readBooks } from './record.js';
import { LOGS, openProvince, useDirectory, type Surface } from './surface.js';

type Pool = ReturnType<typeof openPool>;

const DEADLINE_MS = 4_000;
/** What an agency waits at most for the 503 of its own log. */
const TOLD_WITHIN_MS = 3_000;
/** Nobody can sign that a provider's log is down, so that it ends no waiting: it is told at the deadline. */
const TOLD_AT_DEADLINE_MS = DEADLINE_MS + 1_000;
const RECOVERED_WITHIN_MS = 5_000;

let province: Province;
let surface: Surface;
const dir = useDirectory(() => province?.close());
const history: Asked[] = [];

/** Makes a database's log unwritable until the function that it gives back is called. */
type Break = (pool: Pool) => Promise<() => Promise<unknown>>;

/** PostgreSQL's own code for a full disk, where it would come: at the insert of the entry. */
const diskFull: Break = async (pool) => {
  await pool.query(`
    create function no_space() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
    create trigger no_space before insert on log_entry for each row execute function no_space()`);
  return () => pool.query('drop trigger no_space on log_entry; drop function no_space()');
};

const locked: Break = async (pool) => {
  const client = await pool.connect();
  await client.query('begin; select from log_head for update');
  return async () => {
    await client.query('rollback');
    client.release();
  };
};

const readOnly: Break = async (pool) => {
  await pool.query('alter system set default_transaction_read_only = on');
  await pool.query('select pg_reload_conf()');
  return async () => {
    await pool.query('alter system reset default_transaction_read_only');
    await pool.query('select pg_reload_conf()');
  };
};

const FAULTS = [
  ['its head is locked by another session', locked],
  ['its disk is full', diskFull],
  ['its server takes reads only', readOnly],
] as const;

beforeAll(async () => {
  ({ province, surface } = await openProvince(dir()));
  expect(endings(await askMany())).toEqual({ 200: 12 });
}, 120_000);

describe.each([
  ['the requester’s', 'housing-990100', TOLD_WITHIN_MS],
  ['the provider’s', 'hrss-990000', TOLD_AT_DEADLINE_MS],
])('%s log that cannot be written because', (_whose, agency, toldWithinMs) => {
  test.each(FAULTS)(
    '%s lets no answer out, is a 503 with the log’s code within seconds, and recovers unaided',
    async (_why, fault) => {
      const pool = superuserPool(agency);
      try {
        const mend = await fault(pool);
        await sleep(100);
        const refused = await askMany().finally(mend);
        expect(endings(refused)).toEqual({ '503 5031': 12 });
        expect(JSON.stringify(refused.map(({ body }) => body))).not.toContain('"records":[{');
        expect(Math.max(...refused.map(({ ms }) => ms))).toBeLessThan(toldWithinMs);
        expect(await recovered()).toBe(true);
      } finally {
        await pool.end();
      }
    },
  );
});

describe('after all of it', () => {
  test('every answer is in both logs, and their rows give the signed roots', async () => {
    const books = await readBooks(surface, LOGS);
    expect(faultsOfAnswers(surface, books, shownIn(history))).toEqual([]);
    expect(await faultsOfLogs(surface, LOGS)).toEqual([]);
  });
});

/** Twelve questions of the housing bureau of city 990100 to 人社 at once. */
async function askMany(): Promise<Asked[]> {
  const asked = await Promise.all(
    Array.from({ length: 12 }, () => ask(surface, questionOf('housing-990100', DEADLINE_MS))),
  );
  history.push(...asked);
  return asked;
}

async function recovered(): Promise<boolean> {
  for (const end = Date.now() + RECOVERED_WITHIN_MS; Date.now() < end; await sleep(100)) {
    const asked = await ask(surface, questionOf('housing-990100', DEADLINE_MS));
    history.push(asked);
    if (isAnswered(asked)) return true;
  }
  return false;
}

function superuserPool(agency: string): Pool {
  const database = new URL(surface.databaseUrls.get(agency)!).pathname.slice(1);
  return openPool({ url: province.databases.postgres.url(database), name: 'crash-spec' });
}
