import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, LogReader, parsePublicLine } from '#evidence';
import { signRequest } from '#identity';
import { topicSpecs } from '#messaging';
import {
  acceptLogKeyClosing,
  keyEntryText,
  logKeyClosing,
  publicPart,
  type OwnKey,
  type RegisteredKey,
} from '#registry';
import { manualClock, useDatabase } from '#testing';
import { Edge, formatCheckpoint, formatProof, hashLeaf, noteSigner, signNote } from '#tlog';
import { monitorMigrations } from '../index.js';
import { intent, ORIGINS, START, type SpecLog } from '../monitor.fixture.js';
import { MonitorBench, refusal, until } from '../monitor-bench.fixture.js';

const { adapter, gateway, other } = ORIGINS;
const clock = manualClock(START);
// Before those of the databases, which wait for every connection: hooks run in the order in which they stand.
afterAll(() => bench.end());
const database = useDatabase([...evidenceMigrations, ...monitorMigrations]);
const node = useDatabase(evidenceMigrations, { poolSize: 20 });
const bench = new MonitorBench(database, node, clock);
beforeAll(async () => {
  await bench.begin();
  await bench.bus.createTopics([topicSpecs.registry()]);
});
beforeEach(() => {
  bench.files.spoil = (_path, body) => body;
});

/** Log keys in force, of those that changed, and the number of the newest registry. */
let inForce = new Map<string, readonly RegisteredKey[]>();
let number = 1;

describe('a registry that ends a log key', () => {
  test('is in force when the mirrored log changes there to the key that goes on', async () => {
    const log = bench.answers;
    const [old, next] = await registerNext(adapter);
    await write(log, 2);
    await log.writer.changeKey(signerOf(next));
    const { size } = log.writer.health();
    await write(log, 3);
    await mirror(log);
    expect(await publish(adapter, closed(old, size), opened(next, size + 1))).toBe('in force');
    expect(bench.province.registry.current.logKeys(adapter).map(({ toSize }) => toSize)).toEqual([
      size,
      undefined,
    ]);
    expect(await publish(adapter, closed(old, size), opened(next, size + 1))).toBe('in force'); // nothing new in it
  });

  test('is refused where the mirrored log goes on, whatever its owner has made up and the province believed', async () => {
    const log = await bench.province.openLog(node(), other, clock);
    const [old, next] = await registerNext(other);
    await write(log, 9);
    await mirror(log);
    const statement = await madeUp(old, next, 4);
    const { closed: ended, next: begun } = acceptLogKeyClosing(statement, registered(other));
    expect([ended.toSize, begun.fromSize]).toEqual([5, 6]);
    const before = bench.province.registry.current.number;
    expect(await publish(other, ended, begun)).toEqual({ status: 422, code: 7013, field: other });
    expect(bench.province.registry.current.number).toBe(before);
    const [noted] = await bench.security.newest(1);
    expect([noted!.code, noted!.claimed, noted!.topic]).toEqual(['registry-invalid', 'data-1', 'registry']);
  });

  test('is refused where the log has its entry for another key, a size earlier or later, or a gap behind it', async () => {
    const log = bench.asks;
    const [old, next] = await registerNext(gateway);
    await write(log, 2);
    await log.writer.changeKey(signerOf(next));
    const { size } = log.writer.health();
    await write(log, 2);
    await mirror(log);
    const stranger = bench.province.store('fund-1').logKey('fund-1/adapter/0', START);
    const another = publicPart({ ...next, publicKey: stranger.publicKey });
    const refused = { status: 422, code: 7013, field: gateway };
    expect(await publish(gateway, closed(old, size), { ...another, fromSize: size + 1 })).toEqual(refused);
    for (const at of [size - 1, size + 1])
      expect(await publish(gateway, closed(old, at), opened(next, at + 1))).toEqual(refused);
    expect(await publish(gateway, closed(old, size), opened(next, size + 2))).toEqual(refused);
    expect(await publish(gateway, closed(old, size))).toEqual(refused); // and no key for what follows
    expect(await publish(gateway, closed(old, size), opened(next, size + 1))).toBe('in force');
  });
});

describe('a registry that ends a log key beyond the mirror', () => {
  const origin = 'hrss-1/adapter/2';
  let log: SpecLog;
  let keys: [OwnKey, OwnKey];
  let size: number;
  const change = () => publish(origin, closed(keys[0], size), opened(keys[1], size + 1));
  const notYet = { status: 503, code: 5033, field: origin };

  beforeAll(async () => {
    log = await bench.province.openLog(node(), origin, clock);
    keys = await registerNext(origin);
    await write(log, 2);
  });

  test('waits for the mirror of a log of which nothing came', async () => {
    bench.files.spoil = () => undefined;
    size = 2;
    expect(await change()).toEqual(notYet);
  });

  test('waits while its server does not show the entry, and is in force as soon as it does: it is pulled', async () => {
    await mirror(log);
    bench.files.spoil = () => undefined;
    await log.writer.changeKey(signerOf(keys[1]));
    size = log.writer.health().size;
    expect(await change()).toEqual(notYet);
    bench.files.spoil = (_path, body) => body;
    await bench.shown(log);
    expect(await change()).toBe('in force');
  });
});

test('a log key does not end while a peer knows of entries that its owner keeps from the mirror', async () => {
  const origin = 'hrss-1/adapter/3';
  const log = await bench.province.openLog(node(), origin, clock);
  const [old, next] = await registerNext(origin);
  await write(log, 1);
  await log.writer.changeKey(signerOf(next));
  const { size } = log.writer.health();
  await mirror(log);
  await write(log, 1);
  bench.files.spoil = () => undefined;
  const note = log.writer.checkpoint().note;
  await bench.send(bench.asks.tails.at(-1)!, [{ origin, note }]);
  await until(async () => (await bench.log(origin))!.lag === 1);
  const change = () => publish(origin, closed(old, size), opened(next, size + 1));
  expect(await change()).toEqual({ status: 503, code: 5033, field: origin });
  bench.files.spoil = (_path, body) => body;
  await bench.shown(log);
  expect(await change()).toBe('in force');
});

test('a log key does not end where its log has shown two histories', async () => {
  const origin = 'hrss-1/adapter/4';
  const log = await bench.province.openLog(node(), origin, clock);
  const [old, next] = await registerNext(origin);
  await write(log, 1);
  await log.writer.changeKey(signerOf(next));
  const { size } = log.writer.health();
  await mirror(log);
  const note = signNote(formatCheckpoint({ origin, size: 1, root: Buffer.alloc(32, 1) }), signerOf(old));
  await bench.send(bench.asks.tails.at(-1)!, [{ origin, note }]);
  await until(async () => (await bench.log(origin))!.state === 'contradicted');
  const change = await publish(origin, closed(old, size), opened(next, size + 1));
  expect(change).toEqual({ status: 422, code: 7013, field: origin });
});

test('the last key of a log that goes on no more ends where the mirror ends', async () => {
  const origin = 'hrss-1/adapter/5';
  const only = bench.province.store('hrss-1').logKey(origin, START);
  expect(await publish(origin, publicPart(only))).toBe('in force');
  const log = await bench.province.openLog(node(), origin, clock);
  await write(log, 3);
  await mirror(log);
  const refused = { status: 422, code: 7013, field: origin };
  expect(await publish(origin, closed(only, 2))).toEqual(refused);
  expect(await publish(origin, closed(only, 3))).toBe('in force');
});

function signerOf({ origin, privateKey }: OwnKey) {
  return noteSigner(origin!, privateKey);
}

function closed(key: OwnKey, toSize: number): RegisteredKey {
  return { ...publicPart(key), toSize };
}

function opened(key: OwnKey, fromSize: number): RegisteredKey {
  return { ...publicPart(key), fromSize };
}

/** What the province knows when the documents of a log are brought. */
function registered(origin: string): RegisteredKey[] {
  const store = bench.province.store('hrss-1');
  return [store.ensure('http-signature', START), ...store.logKeys(origin, START)].map(publicPart);
}

/** The next key of a log, registered beside the present one. */
async function registerNext(origin: string): Promise<[OwnKey, OwnKey]> {
  const store = bench.province.store(origin.split('/')[0] as 'hrss-1' | 'housing-1');
  const [old, next] = [store.logKey(origin, START), store.nextLogKey(origin, START)];
  expect(await publish(origin, publicPart(old), publicPart(next))).toBe('in force');
  return [old, next];
}

async function publish(origin: string, ...logKeys: RegisteredKey[]): Promise<unknown> {
  number += 1;
  const offered = new Map([...inForce, [origin, logKeys]]);
  const url = `${bench.monitor.url}/v1/registry`;
  const body = JSON.stringify({ note: bench.province.signed(number, offered) });
  const signing = { ...bench.province.signatureKey('data-1'), now: clock() };
  const headers = signRequest({ method: 'POST', url, body, ...signing });
  const answer = await fetch(url, { method: 'POST', body, headers });
  if (answer.status !== 200) return refusal(Promise.resolve(answer));
  inForce = offered;
  return 'in force';
}

async function write({ writer }: SpecLog, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await writer.append(intent(clock));
}

async function mirror(log: SpecLog): Promise<void> {
  for (const tail of log.tails) await bench.send(tail);
  await bench.mirrored(log);
}

/** The statement for a history that begins as the log did and has a `key` entry where the log has another. */
async function madeUp(old: OwnKey, next: OwnKey, at: number): Promise<string> {
  const origin = old.origin!;
  const entries = await new LogReader({ database: node() }).entries(origin, 0, at + 1);
  const lines = entries.map(({ publicLine }) => publicLine);
  const to = keyEntryText(origin, Buffer.from(next.publicKey, 'base64url'));
  const entry = JSON.stringify({ ...parsePublicLine(lines[at]!), kind: 'key', to });
  const leaves = [...lines.slice(0, at), Buffer.from(entry)].map(hashLeaf);
  const { edge, paths } = Edge.empty().extend(leaves);
  const note = signNote(formatCheckpoint({ origin, size: edge.size, root: edge.root() }), signerOf(old));
  const change = { closed: { ...old, toSize: at + 1 }, next: { ...next, fromSize: at + 2 } };
  const endorser = bench.province.store('hrss-1').ensure('http-signature', START);
  return logKeyClosing(
    change,
    { entry, proof: formatProof({ index: at, path: paths[at]!, note }) },
    endorser,
  );
}
