import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Problem } from '#problem';
import { useDatabase } from '#testing';
import { verifyInclusion } from '#tlog';
import {
  checkLog,
  erasePrivateLines,
  evidenceMigrations,
  LogReader,
  orderErasure,
  type EntryDraft,
} from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations, { poolSize: 20 });

afterEach(closeTestLogs);

async function activate(provider: string, number: number): Promise<void> {
  await database().pool.query(
    `insert into active_bundle (provider, number, note) values ($1, $2, '')
      on conflict (provider) do update set number = excluded.number`,
    [provider, number],
  );
}

function disclosure(provider: string, number: number): EntryDraft {
  return { ...intent(), kind: 'disclosure', bundle: number, requiresBundle: { provider, number } };
}

describe('an append repeated', () => {
  test('gives back the entry that is there, with a fresh proof, and nothing of the second draft', async () => {
    const log = await openTestLog(database(), logIdentity());
    const exchange = randomUUID();
    const first = await log.append(intent(exchange));
    await Promise.all(Array.from({ length: 300 }, () => log.append(intent())));
    const again = await log.append({ ...intent(exchange), region: '990200' });
    const { size, root } = log.checkpoint();
    expect({ ...again, path: [], checkpoint: undefined }).toEqual({
      ...first,
      existing: true,
      path: [],
      checkpoint: undefined,
    });
    expect(again.checkpoint).toEqual(log.checkpoint());
    expect(verifyInclusion({ index: 0, size, leaf: first.leaf, root, path: again.path })).toBe(true);
    expect(size).toBe(301);
    await log.close();
  });

  test('at the same moment becomes one entry', async () => {
    const log = await openTestLog(database(), logIdentity());
    const exchange = randomUUID();
    const all = await Promise.all(Array.from({ length: 5 }, () => log.append(intent(exchange))));
    expect(all.map(({ index }) => index)).toEqual([0, 0, 0, 0, 0]);
    expect(all.map(({ existing }) => existing)).toEqual([false, true, true, true, true]);
    expect(log.checkpoint().size).toBe(1);
    await log.close();
  });

  test('of another kind, or of a kind that may repeat, is a new entry', async () => {
    const log = await openTestLog(database(), logIdentity());
    const exchange = randomUUID();
    for (const kind of ['intent', 'outcome', 'admin', 'admin'] as const)
      await log.append({ ...intent(exchange), kind });
    expect(log.checkpoint().size).toBe(4);
    await log.close();
  });

  test('whose row was changed in the database is refused, not proved', async () => {
    const log = await openTestLog(database(), logIdentity());
    const exchange = randomUUID();
    await log.append(intent(exchange));
    await changeAsOwner(`update log_entry set public = public || ' ' where exchange = '${exchange}'`);
    await expect(log.append(intent(exchange))).rejects.toMatchObject({ problem: 'log-tampered' });
    expect(await log.append(intent())).toMatchObject({ index: 1 });
    await log.close();
  });
});

describe('a draft that cannot be recorded', () => {
  test('because of its bundle leaves no trace and takes nobody with it', async () => {
    await activate('hrss-a', 7);
    const identity = logIdentity();
    const log = await openTestLog(database(), identity);
    const commitment = Buffer.alloc(32, 5);
    const results = await Promise.allSettled([
      log.append(intent()),
      log.append({ ...disclosure('hrss-a', 6), subjectIndex: [commitment] }),
      log.append(disclosure('hrss-a', 7)),
      log.append(disclosure('hrss-unknown', 1)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { problem: 'bundle-changed' } });
    expect(results[3]).toMatchObject({ reason: { problem: 'bundle-changed' } });
    const reader = new LogReader({ database: database() });
    expect((await reader.disclosuresAbout(commitment, { most: 9 })).entries).toEqual([]);
    await log.close();
    expect(await reader.entries(identity.origin, 0, 10)).toHaveLength(2);
    expect(await checkLog(database(), identity.origin, [identity.verifier])).toEqual([]);
  });

  test('because its time is over leaves no trace, and one that is recorded already is given back', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database(), identity);
    const exchange = randomUUID();
    const [early, late] = [Date.now() + 60_000, Date.now()];
    await log.append({ ...intent(exchange), recordBefore: early });
    const results = await Promise.allSettled([
      log.append({ ...intent(), recordBefore: late }),
      log.append({ ...intent(), recordBefore: early }),
      log.append({ ...intent(exchange), recordBefore: late }),
    ]);
    expect(results).toMatchObject([
      { reason: { problem: 'provider-timeout' } },
      { value: { index: 1, existing: false } },
      { value: { index: 0, existing: true } },
    ]);
    expect(log.health().state).toBe('writing');
    await log.close();
    expect(await new LogReader({ database: database() }).entries(identity.origin, 0, 10)).toHaveLength(2);
  });

  test('because its time went over while its group was written leaves no trace either', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database(), identity);
    await database().pool.query(`
      create function slow_disk() returns trigger language plpgsql as $$ begin perform pg_sleep(0.4); return null; end $$;
      create trigger slow_disk after insert on log_entry for each statement execute function slow_disk();`);
    const results = await Promise.allSettled([
      log.append({ ...intent(), recordBefore: Date.now() + 250 }),
      log.append(intent()),
    ]);
    await database().pool.query('drop trigger slow_disk on log_entry');
    expect(results).toMatchObject([{ reason: { problem: 'provider-timeout' } }, { value: { index: 0 } }]);
    await log.close();
    expect(await checkLog(database(), identity.origin, [identity.verifier])).toEqual([]);
    expect(log.checkpoint().size).toBe(1);
  });

  test('goes over one after the other with many of its group: the rest is recorded in time, and the log is well', async () => {
    const log = await openTestLog(database(), logIdentity());
    await database().pool.query(`
      create function slower_disk() returns trigger language plpgsql as $$ begin perform pg_sleep(0.15); return null; end $$;
      create trigger slower_disk after insert on log_entry for each statement execute function slower_disk();`);
    const begun = Date.now();
    const dated = Array.from({ length: 20 }, (_, n) =>
      log.append({ ...intent(), recordBefore: begun + 40 * (n + 1) }),
    );
    const [undated, ...others] = await Promise.allSettled([log.append(intent()), ...dated]);
    await database().pool.query('drop trigger slower_disk on log_entry');
    expect(undated.status).toBe('fulfilled');
    expect(Date.now() - begun).toBeLessThan(1_800);
    const said = others.map((one) =>
      one.status === 'fulfilled' ? 'recorded' : (one.reason as Problem).problem,
    );
    expect([...new Set(said)].toSorted()).toEqual(['provider-timeout', 'recorded']);
    expect(log.health().state).toBe('writing');
    await log.close();
  });

  test('because it breaks the format is refused by the name of its field', async () => {
    const log = await openTestLog(database(), logIdentity());
    await expect(log.append({ ...intent(), rows: 0.5 })).rejects.toMatchObject({ field: 'rows' });
    await expect(log.append({ ...intent(), subjectIndex: [Buffer.alloc(31)] })).rejects.toMatchObject({
      field: 'subjectIndex',
    });
    expect(log.checkpoint().size).toBe(0);
    await log.close();
  });

  test('never stands under a bundle that changed before it was committed, whoever is first', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database(), identity);
    const appended: { number: number; ok: boolean; begun: number; ended: number }[] = [];
    const changed = new Map<number, number>();
    let [number, stop] = [1, false];
    await activate('hrss-c', number);
    const appending = Array.from({ length: 20 }, async () => {
      while (!stop) {
        const [mine, begun] = [number, performance.now()];
        const ok = await log.append(disclosure('hrss-c', mine)).then(
          () => true,
          () => false,
        );
        appended.push({ number: mine, ok, begun, ended: performance.now() });
      }
    });
    for (; number < 20; await sleep(15)) {
      await activate('hrss-c', number + 1);
      changed.set(number, performance.now());
      number += 1;
    }
    stop = true;
    await Promise.all(appending);
    const late = appended.filter(
      ({ number: used, ok, begun }) => ok && begun > (changed.get(used) ?? Infinity),
    );
    expect(late).toEqual([]);
    expect(appended.some(({ ok }) => ok)).toBe(true);
    expect(appended.some(({ ok }) => !ok)).toBe(true);
    await log.close();
    const entries = await new LogReader({ database: database() }).entries(identity.origin, 0, 100_000);
    expect(entries).toHaveLength(appended.filter(({ ok }) => ok).length);
  });
});

test('erasing private lines leaves the tree and every receipt valid, and nothing else can be changed', async () => {
  const identity = logIdentity();
  const log = await openTestLog(database(), identity);
  await Promise.all(Array.from({ length: 10 }, () => log.append(intent())));
  await log.close();
  const { pool } = database();
  for (const change of [
    `update log_entry set public = public || ' '`,
    `update log_entry set at = now()`,
    `update log_entry set private = '\\x00'`,
    `delete from log_entry`,
    `truncate log_entry`,
  ]) {
    await expect(pool.query(change)).rejects.toThrow('append-only');
  }
  const order = await orderErasure(database(), identity.origin, new Date(Date.now() + 1_000));
  expect(await erasePrivateLines(database(), order)).toBe(10);
  expect(await checkLog(database(), identity.origin, [identity.verifier])).toEqual([]);
  const receipt = await new LogReader({ database: database() }).receipt(identity.origin, 4);
  expect(receipt.privateLine).toBeUndefined();
});

/** What an owner or superuser can do: switch the trigger off. */
async function changeAsOwner(sql: string): Promise<void> {
  const { pool } = database();
  await pool.query('alter table log_entry disable trigger all');
  await pool.query(sql);
  await pool.query('alter table log_entry enable trigger all');
}
