import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { manualClock, useDatabase } from '#testing';
import { LogReader, evidenceMigrations, parsePublicLine } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations, { poolSize: 20 });

afterEach(closeTestLogs);

describe('two writers of one log', () => {
  test('do not exist: the second is refused, the first goes on', async () => {
    const identity = logIdentity();
    const first = await openTestLog(database(), identity);
    await expect(openTestLog(database(), identity)).rejects.toMatchObject({ problem: 'log-fenced' });
    expect(await first.append(intent())).toMatchObject({ index: 0 });
    await first.close();
    const second = await openTestLog(database(), identity);
    expect(await second.append(intent())).toMatchObject({ index: 1 });
    await second.close();
  });

  test('are told apart by the fence: one whose connection was cut and who was succeeded stops', async () => {
    const identity = logIdentity();
    const first = await openTestLog(database(), identity);
    await first.append(intent());
    await cutWriters();
    const second = await openTestLog(database(), identity, { edgeFile: identity.edgeFile });
    await second.append(intent());
    await expect(first.append(intent())).rejects.toMatchObject({ problem: 'log-fenced' });
    expect(first.health()).toMatchObject({ state: 'stopped', problem: 'log-fenced' });
    expect(await second.append(intent())).toMatchObject({ index: 2 });
    await second.close();
    await expect(first.append(intent())).rejects.toMatchObject({ problem: 'log-fenced' });
  });
});

describe('a writer', () => {
  test('whose connection is cut under load loses nothing and answers everyone', async () => {
    const log = await openTestLog(database(), logIdentity());
    const cut = Promise.all([20, 60, 100].map((ms) => sleep(ms).then(cutWriters)));
    const entries = [];
    for (let round = 0; round < 20; round++) {
      entries.push(...(await Promise.all(Array.from({ length: 50 }, () => log.append(intent())))));
      await sleep(5);
    }
    await cut;
    expect(new Set(entries.map(({ index }) => index)).size).toBe(1_000);
    expect(log.checkpoint().size).toBe(1_000);
    await log.close();
  });

  test('times its entries in order when the clock goes back', async () => {
    const clock = manualClock();
    const identity = logIdentity();
    const log = await openTestLog(database(), identity, { clock });
    const first = await log.append(intent());
    clock.advance(-60_000);
    const second = await log.append(intent());
    await log.close();
    const reopened = await openTestLog(database(), identity, { clock });
    const third = await reopened.append(intent());
    await reopened.close();
    const times = [first, second, third].map(({ publicLine }) => parsePublicLine(publicLine).at);
    expect(new Set(times)).toEqual(new Set(['2026-03-02T01:00:00.000Z']));
  });

  test('that is quiet appends a tick, and none while it is not', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database(), identity, { tickEvery: 200 });
    await sleep(500);
    await log.close();
    const entries = await new LogReader({ database: database() }).entries(identity.origin, 0, 10);
    const kinds = entries.map(({ publicLine }) => parsePublicLine(publicLine).kind);
    expect(kinds.length).toBeGreaterThanOrEqual(2);
    expect(new Set(kinds)).toEqual(new Set(['tick']));
  });

  test('is not harmed by who listens to its tail', async () => {
    const log = await openTestLog(database(), logIdentity(), {
      onCommit: () => {
        throw new Error('listener');
      },
    });
    expect(await log.append(intent())).toMatchObject({ index: 0 });
    expect(log.health()).toMatchObject({ state: 'writing', tailFailures: 1, size: 1 });
    await log.close();
  });

  test('records what is queued before it closes, and refuses what comes later', async () => {
    const log = await openTestLog(database(), logIdentity());
    const queued = Array.from({ length: 5 }, () => log.append(intent()));
    await Promise.resolve();
    const closing = log.close();
    await expect(log.append(intent())).rejects.toMatchObject({ problem: 'shutting-down' });
    expect(await Promise.all(queued)).toHaveLength(5);
    await closing;
    expect(log.health()).toMatchObject({ state: 'closed', size: 5, edgeSize: 5 });
  });
});

async function cutWriters(): Promise<void> {
  await database().pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())`,
  );
}
