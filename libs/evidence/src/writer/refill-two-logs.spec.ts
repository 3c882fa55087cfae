import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase, openPool } from '#database';
import { workerPostgres } from '#testing';
import { checkLog, evidenceMigrations, refillFromMirror, type EntryDraft, type Tail } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const disclosure = (exchange: string): EntryDraft => ({ ...intent(exchange), kind: 'disclosure' });

const opened: Database[] = [];
let open: (database: string) => Promise<Database>;
let copy: (database: string) => Promise<Database>;

beforeAll(async () => {
  const server = await workerPostgres();
  const role = `refill_${randomBytes(6).toString('hex')}`;
  open = async (name) => {
    const url = await server.createDatabase(name, role);
    const database = await openDatabase({ url, name: 'refill-spec', migrations: evidenceMigrations });
    opened.push(database);
    return database;
  };
  copy = async (name) => {
    const admin = openPool({ url: server.url(), name: 'refill-spec' });
    await admin.query(`create database ${name}_older template ${name} owner ${role}`);
    await admin.end();
    return open(`${name}_older`);
  };
});
afterEach(closeTestLogs);
afterAll(() => Promise.all(opened.map((one) => one.close())));

test('a log is filled again though another log of its node has disclosed since what it had disclosed before', async () => {
  const name = `refill_${randomBytes(6).toString('hex')}`;
  const [one, two] = [logIdentity('hrss-990100', 'adapter-a'), logIdentity('hrss-990100', 'adapter-b')];
  const before = await open(name);
  for (const identity of [one, two]) await (await openTestLog(before, identity)).close();
  await before.close();
  opened.pop();
  const older = await copy(name);

  const exchange = randomUUID();
  const tails: Tail[] = [];
  const lost = await openTestLog(await open(name), two, { onCommit: (tail) => tails.push(tail) });
  await lost.append(disclosure(exchange));
  await lost.close();

  const first = await openTestLog(older, one);
  const again = await first.append(disclosure(exchange)); // nobody knows any more that it was answered
  const [{ lines, checkpoint }] = tails as [Tail];
  const { origin, sealKey, verifier } = two;
  const refilled = refillFromMirror({
    database: older,
    origin,
    sealKey,
    lines,
    checkpoint: checkpoint.note,
    verifier,
  });
  expect(await refilled).toBe(1);

  const second = await openTestLog(older, two);
  expect(await second.append(intent())).toMatchObject({ index: 1 });
  expect(await first.append(disclosure(exchange))).toMatchObject({ index: again.index, existing: true });
  await Promise.all([first.close(), second.close()]);
  for (const log of [one, two]) expect(await checkLog(older, log.origin, [log.verifier])).toEqual([]);
});
