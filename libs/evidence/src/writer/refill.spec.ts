import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '#database';
import { workerPostgres } from '#testing';
import {
  checkLog,
  closeWithEpoch,
  evidenceMigrations,
  LogReader,
  parsePublicLine,
  refillFromMirror,
  type Tail,
} from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';

/** A node's database with 300 entries, a copy of it, and the same database with 400 more. */
let [older, newer]: Database[] = [];
let identity: LogIdentity;
let mirror: Buffer[];
let signed: string;
const opened: Database[] = [];

beforeAll(async () => {
  const server = await workerPostgres();
  const name = `refill_${randomBytes(6).toString('hex')}`;
  const open = async (database: string) => {
    const url = await server.createDatabase(database, name);
    const one = await openDatabase({ url, name: 'refill-spec', migrations: evidenceMigrations });
    opened.push(one);
    return one;
  };
  identity = logIdentity('hrss-990100');
  mirror = [];
  const onCommit = ({ lines, checkpoint }: Tail) => {
    mirror.push(...lines);
    signed = checkpoint.note;
  };
  const before = await open(name);
  await append(before, 300, onCommit);
  await before.close();
  const admin = await openDatabase({ url: server.url(), name: 'refill-spec', migrations: [] });
  await admin.pool.query(`create database ${name}_older template ${name} owner ${name}`);
  await admin.close();
  older = await open(`${name}_older`);
  newer = await open(name);
  await append(newer, 400, onCommit);
});

afterAll(async () => {
  await closeTestLogs();
  await Promise.all(opened.slice(1).map((one) => one.close()));
});

async function append(database: Database, count: number, onCommit?: (tail: Tail) => void): Promise<void> {
  const log = await openTestLog(database, identity, onCommit && { onCommit });
  await Promise.all(Array.from({ length: count }, () => log.append(intent())));
  await log.close();
}

const refill = (lines: Buffer[], more: object = {}) =>
  refillFromMirror({
    database: older!,
    origin: identity.origin,
    sealKey: identity.sealKey,
    lines,
    checkpoint: signed,
    verifier: identity.verifier,
    ...more,
  });

describe('a database restored from an older copy', () => {
  test('stops its writer', async () => {
    await expect(openTestLog(older!, identity)).rejects.toMatchObject({ problem: 'log-behind-edge' });
  });

  test('is not refilled with lines that do not give the signed root, or by another key', async () => {
    const stranger = logIdentity('hrss-990100');
    const swapped = [mirror[301]!, mirror[300]!, ...mirror.slice(302)];
    await expect(refill(swapped)).rejects.toMatchObject({ problem: 'log-tampered' });
    await expect(refill(mirror.slice(300, 699))).rejects.toMatchObject({ problem: 'log-tampered' });
    await expect(refill(mirror.slice(300), { sealKey: randomBytes(32) })).rejects.toMatchObject({
      problem: 'log-tampered',
    });
    await expect(refill(mirror.slice(300), { verifier: stranger.verifier })).rejects.toMatchObject({
      problem: 'log-tampered',
      field: 'checkpoint',
    });
    const { rows } = await older!.pool.query('select max(index) as last from log_entry');
    expect(rows).toEqual([{ last: '299' }]);
  });

  test('goes on once it is refilled from the mirror, its lost private lines counting as erased', async () => {
    expect(await refill(mirror.slice(300))).toBe(400);
    const log = await openTestLog(older!, identity);
    expect(log.checkpoint().note).toBe(signed);
    expect(await log.append(intent())).toMatchObject({ index: 700 });
    await log.close();
    expect(await checkLog(older!, identity.origin, [identity.verifier])).toEqual([]);
    const reader = new LogReader({ database: older! });
    expect((await reader.receipt(identity.origin, 299)).privateLine).toBeDefined();
    expect((await reader.receipt(identity.origin, 300)).privateLine).toBeUndefined();
  });

  test('whose mirror does not reach the edge is closed in its successor, for good', async () => {
    const named = logIdentity('hrss-990100', 'adapter-b');
    const successor = await openTestLog(newer!, named);
    const entry = await closeWithEpoch(successor, {
      database: newer!,
      checkpoint: signed,
      verifier: identity.verifier,
    });
    expect(parsePublicLine(entry.publicLine)).toMatchObject({
      kind: 'epoch',
      origin: named.origin,
      to: identity.origin,
      rows: 700,
      reason: 'log-behind-edge',
    });
    await expect(openTestLog(newer!, identity)).rejects.toMatchObject({ problem: 'log-fenced' });
    await expect(
      closeWithEpoch(successor, {
        database: newer!,
        checkpoint: successor.checkpoint().note,
        verifier: named.verifier,
      }),
    ).rejects.toMatchObject({ problem: 'internal' });
    await successor.close();
  });
});
