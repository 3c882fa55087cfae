import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '#database';
import { startProgram, usePostgres } from '#testing';
import { checkLog, evidenceMigrations, LogReader, type Appended, type Tail } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';

/** fsync on: what is acknowledged here has to be on the disk. */
const postgres = usePostgres();

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({
    url: postgres.url(),
    name: 'crash-spec',
    migrations: evidenceMigrations,
  });
  try {
    return await work(database);
  } finally {
    await closeTestLogs();
    await database.close();
  }
}

const WRITER = `
  import { createPrivateKey, randomUUID } from 'node:crypto';
  import { openPool } from '#database';
  import { openLogWriter } from '#evidence';
  import { noteSigner } from '#tlog';
  const [url, origin, sealKey, edgeFile, key] = process.argv.slice(1);
  const log = await openLogWriter({
    database: { pool: openPool({ url, name: 'writer' }) }, origin, edgeFile,
    sealKey: Buffer.from(sealKey, 'base64'), signer: noteSigner(origin, createPrivateKey(key)),
  });
  const caller = async () => {
    for (;;) {
      const { index, leaf } = await log.append({ kind: 'intent', exchange: randomUUID(), from: 'a', to: 'b' });
      process.stdout.write(index + ' ' + leaf.toString('base64') + ' .\\n');
    }
  };
  await Promise.all(Array.from({ length: 64 }, caller));`;

describe('PostgreSQL stopped in immediate mode under load', () => {
  test('loses no acknowledged entry, answers everyone within two seconds, and the writer recovers unaided', async () => {
    await withDatabase(async (database) => {
      const identity = logIdentity();
      const tails: Tail[] = [];
      const log = await openTestLog(database, identity, { onCommit: (tail) => tails.push(tail) });
      const { acknowledged, refusals, slowest } = await underLoad(
        (stop) => crashTwice(stop),
        () => log.append(intent()),
      );
      expect(refusals.size).toBeGreaterThan(0);
      expect([...refusals]).toEqual(['log-unavailable']);
      expect(slowest).toBeLessThan(2_500);
      const { root, size } = log.checkpoint();
      await log.close();
      const reopened = await openTestLog(database, identity);
      expect(reopened.checkpoint()).toMatchObject({ root, size });
      await reopened.close();
      await expectRecorded(database, identity, acknowledged);
      expect(tails.reduce((next, { from, lines }) => (from === next ? from + lines.length : NaN), 0)).toBe(
        size,
      );
    });
  });
});

describe('a writer killed -9 under load', () => {
  test('loses no acknowledged entry, three times over, and its successor has the same root', async () => {
    await withDatabase(async (database) => {
      const identity = logIdentity();
      const acknowledged: { index: number; leaf: Buffer }[] = [];
      for (let run = 0; run < 3; run++) {
        acknowledged.push(...(await killUnderLoad(identity)));
        const successor = await openTestLog(database, identity);
        await successor.append(intent());
        await successor.close();
      }
      expect(acknowledged.length).toBeGreaterThan(100);
      await expectRecorded(database, identity, acknowledged);
    });
  });
});

/** Once shorter than the writer's patience, once longer. */
async function crashTwice(stop: () => void): Promise<void> {
  for (const outage of [100, 2_500]) {
    await sleep(400);
    await postgres.crash();
    await sleep(outage);
    await postgres.start();
  }
  await sleep(400);
  stop();
}

/** 64 callers append until stopped. */
async function underLoad(meanwhile: (stop: () => void) => Promise<void>, append: () => Promise<Appended>) {
  const acknowledged: Appended[] = [];
  const refusals = new Set<string>();
  let [stopped, slowest] = [false, 0];
  const caller = async () => {
    while (!stopped) {
      const begun = performance.now();
      try {
        acknowledged.push(await append());
      } catch (error) {
        refusals.add((error as { problem: string }).problem);
        await sleep(10);
      }
      slowest = Math.max(slowest, performance.now() - begun);
    }
  };
  await Promise.all([meanwhile(() => (stopped = true)), ...Array.from({ length: 64 }, caller)]);
  return { acknowledged, refusals, slowest };
}

/** Each acknowledged entry is at its place, and the whole log is as it was signed. */
async function expectRecorded(
  database: Database,
  { origin, verifier }: LogIdentity,
  acknowledged: readonly { index: number; leaf: Buffer }[],
): Promise<void> {
  const entries = await new LogReader({ database }).entries(origin, 0, 10_000_000);
  const lost = acknowledged.filter(({ index, leaf }) => !entries[index]?.leaf.equals(leaf));
  expect(lost).toEqual([]);
  expect(await checkLog(database, origin, [verifier])).toEqual([]);
}

/** A process of its own writes the log and says what was acknowledged; it is killed while it does. */
async function killUnderLoad({ privateKey, origin, sealKey, edgeFile }: LogIdentity) {
  const child = startProgram(WRITER, [
    postgres.url(),
    origin,
    sealKey.toString('base64'),
    edgeFile,
    privateKey,
  ]);
  const acknowledged: { index: number; leaf: Buffer }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [index, leaf, end] = line.split(' ');
    if (end === '.') acknowledged.push({ index: Number(index), leaf: Buffer.from(leaf!, 'base64') });
  });
  while (acknowledged.length < 500) await sleep(20);
  child.kill('SIGKILL');
  await once(child, 'close');
  return acknowledged;
}
