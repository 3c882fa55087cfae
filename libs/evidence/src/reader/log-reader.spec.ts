import { createSecretKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import {
  hashLeaf,
  proveConsistency,
  proveInclusion,
  rootFromTiles,
  verifyConsistency,
  verifyInclusion,
} from '#tlog';
import {
  type Appended,
  evidenceMigrations,
  LogReader,
  parsePublicLine,
  subjectCommitment,
} from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations, { poolSize: 20 });
const COUNT = 600;

afterAll(closeTestLogs);
const epochKey = createSecretKey(Buffer.alloc(32, 4));
const wang = subjectCommitment(epochKey, 'citizen-id', '990100199001010011');
const li = subjectCommitment(epochKey, 'citizen-id', '990100199002020022');
const exchange = randomUUID();
let identity: LogIdentity;
let reader: LogReader;
let all: Appended[];

beforeAll(async () => {
  identity = logIdentity();
  reader = new LogReader({ database: database() });
  const log = await openTestLog(database(), identity);
  all = await Promise.all(
    Array.from({ length: COUNT }, (_, i) =>
      log.append({
        ...intent(i === 5 ? exchange : randomUUID()),
        ...(i % 100 === 5 && { subjectIndex: [wang, li] }),
      }),
    ),
  );
  await log.append({ ...intent(exchange), kind: 'outcome', subjectIndex: [li] });
  await log.close();
});

describe('a reader of a log', () => {
  test('gives the newest checkpoint, and none for a log that is not there', async () => {
    expect(await reader.checkpoint(identity.origin)).toMatchObject({
      origin: identity.origin,
      size: COUNT + 1,
    });
    expect(await reader.checkpoint('nobody/adapter/0')).toBeUndefined();
    expect(await reader.origins()).toContain(identity.origin);
  });

  test('gives tiles, full and unfinished, for which every proof holds', async () => {
    const tiles = reader.tiles(identity.origin);
    const size = COUNT + 1;
    const root = await rootFromTiles(tiles, size);
    expect(root).toEqual((await reader.checkpoint(identity.origin))!.root);
    for (const index of [0, 255, 256, 511, 512, COUNT]) {
      const [entry] = await reader.entries(identity.origin, index, 1);
      const path = await proveInclusion(tiles, index, size);
      expect(verifyInclusion({ index, size, root, path, leaf: hashLeaf(entry!.publicLine) })).toBe(true);
    }
    for (const oldSize of [1, 256, 300, COUNT]) {
      const claim = { oldSize, newSize: size, newRoot: root, oldRoot: await rootFromTiles(tiles, oldSize) };
      expect(verifyConsistency({ ...claim, proof: await proveConsistency(tiles, oldSize, size) })).toBe(true);
    }
  });

  test('refuses tiles and entries that are not there', async () => {
    for (const [level, n, width] of [
      [0, 2, 256],
      [0, 2, 90],
      [0, 3, 1],
      [1, 0, 3],
      [2, 0, 1],
    ] as const) {
      await expect(reader.tile(identity.origin, level, n, width)).rejects.toMatchObject({
        problem: 'not-found',
      });
    }
    await expect(reader.receipt(identity.origin, COUNT + 1)).rejects.toMatchObject({ problem: 'not-found' });
    expect(await reader.entries(identity.origin, COUNT + 1, 5)).toEqual([]);
  });

  test('gives the receipts of an exchange in the order they were written', async () => {
    const receipts = await reader.receiptsOf(exchange);
    expect(receipts.map(({ publicLine }) => parsePublicLine(publicLine).kind)).toEqual(['intent', 'outcome']);
    expect(receipts[0]).toMatchObject({ index: 5, leaf: all[5]!.leaf, privateLine: all[5]!.privateLine });
    expect(await reader.receiptsOf(exchange, 'outcome')).toEqual([receipts[1]]);
    expect(await reader.receiptsOf(randomUUID())).toEqual([]);
  });

  test('tells who asked about a person, newest first, by a commitment that only the key can make', async () => {
    const about = async (commitment: Buffer) =>
      (await reader.disclosuresAbout(commitment, { most: 10 })).entries.map(({ index }) => index);
    expect(await about(li)).toEqual([600, 505, 405, 305, 205, 105, 5]);
    expect(await about(wang)).toHaveLength(6);
    const otherKey = subjectCommitment(
      createSecretKey(Buffer.alloc(32, 5)),
      'citizen-id',
      '990100199001010011',
    );
    expect(await about(otherKey)).toEqual([]);
  });
});
