import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { openPool } from '#database';
import { ask, isAnswered, questionOf } from './callers.js';
import { faultsOfAnswers, readBooks } from './record.js';
import { LOGS, openProvince, useDirectory, type Surface } from './surface.js';

const ASKER = 'housing-990100';
/** Longer than the writer is patient with its database. */
const AWAY_MS = 3_000;
const DEADLINE_MS = 20_000;

let province: Province;
let surface: Surface;
const dir = useDirectory(() => province?.close());
beforeAll(async () => {
  ({ province, surface } = await openProvince(dir()));
}, 120_000);

test('an answer that came while the requester’s log could take no outcome is recorded as received, and given', async () => {
  const name = new URL(surface.databaseUrls.get(ASKER)!).pathname.slice(1);
  const pool = openPool({ url: province.databases.postgres.url(name), name: 'crash-spec' });
  try {
    await pool.query(`
      create function no_space() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger no_space before insert on log_entry for each row when (new.kind = 'outcome') execute function no_space()`);
    const asking = ask(surface, questionOf(ASKER, DEADLINE_MS));
    await sleep(AWAY_MS);
    await pool.query('drop trigger no_space on log_entry; drop function no_space()');
    const asked = await asking;
    expect(asked.status).toBe(200);
    expect(asked.ms).toBeGreaterThanOrEqual(AWAY_MS);
    const shown = isAnswered(asked) ? [{ requester: ASKER, exchanges: asked.body.exchanges }] : [];
    expect(faultsOfAnswers(surface, await readBooks(surface, LOGS), shown)).toEqual([]);
  } finally {
    await pool.end();
  }
});
