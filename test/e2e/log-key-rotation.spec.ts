import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mirrored, PROVINCE } from '#apps/demo';
import { trustRegistry, verifyReceiptBy } from '#client';
import { LogReader, type Receipt } from '#evidence';
import { messageHeaders, topics } from '#messaging';
import { type AgencyNode } from '#node';
import {
  acceptLogKeyClosing,
  acceptRegistration,
  compileRegistry,
  publicPart,
  registration,
  signRegistry,
  type OwnKey,
  type RegisteredKey,
} from '#registry';
import { person } from '#testing';
import { formatCheckpoint, noteSigner, signNote } from '#tlog';
import { call, question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const HRSS = 'hrss-990000';
const HOUSING = 'housing-990100';
/** One log of each side of the questions asked below. */
const LOGS = [`${HRSS}/adapter/0`, `${HOUSING}/gateway/0`] as const;

interface Answered {
  status: number;
  receipt?: Receipt;
}

/** Questions are asked by so many at once until the change is over, each about another person: the same may be asked 50 times. */
const ASKERS = 3;
const PAUSE_MS = 60;
/** As many are asked and answered before, between and after the steps: however slow the machine is. */
const ENOUGH = 15;

const answered: Answered[] = [];
let stopped = false;
let asking: Promise<unknown>;
let registered: RegisteredKey[];
const olds = new Map<string, OwnKey>();
let published: string;

beforeAll(() => {
  const { stores } = province().keys;
  registered = [...stores.values()].flatMap((store) =>
    store
      .keys()
      .filter(({ use }) => use !== 'registry')
      .map(publicPart),
  );
  asking = Promise.all(Array.from({ length: ASKERS }, askOn));
});
afterAll(() => stop());

async function askOn(): Promise<void> {
  for (; !stopped; await sleep(PAUSE_MS)) answered.push(await ask());
}

function stop(): Promise<unknown> {
  stopped = true;
  return asking;
}

/** Those in flight now were asked before: enough others are answered. */
async function others(): Promise<void> {
  const from = answered.length + ASKERS;
  await until(() => answered.length >= from + ENOUGH);
}

async function ask(): Promise<Answered> {
  const { status, body } = await call(province(), {
    agency: HOUSING,
    path: '/v1/queries/HR-SI-01',
    body: question({ subjects: [{ idType: 'citizen-id', idNumber: person(answered.length).idNumber }] }),
  });
  const [exchange] = (body['exchanges'] ?? []) as { receipt?: Receipt }[];
  return { status, ...(exchange?.receipt && { receipt: exchange.receipt }) };
}

function nodeOf(origin: string): AgencyNode {
  const [agency, role] = origin.split('/') as [string, string];
  const { adapters, gateways } = province();
  return (role === 'adapter' ? adapters.get(agency)! : gateways.get(agency)!).node;
}

function closingOf(origin: string): string {
  const [agency] = origin.split('/') as [string];
  const name = `${origin.replaceAll('/', '.')}.closing.note`;
  return join(province().keys.dirOf(agency), 'registrations', name);
}

/** Signs the next registry as the province does, and publishes it to every node. */
async function publish(): Promise<void> {
  const { keys, contracts, bus } = province();
  const compiled = compileRegistry({
    number: nodeOf(LOGS[0]).registry.current.number + 1,
    issuedAt: new Date().toISOString(),
    agencies: [...contracts.agencies.values()],
    keys: registered,
  });
  const registrar = keys.stores.get(PROVINCE)!.current('registry', Date.now())!;
  published = signRegistry(compiled, noteSigner(`${PROVINCE}/registry`, registrar.privateKey));
  const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
  await bus.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(published) }]);
}

async function until(holds: () => boolean): Promise<void> {
  for (const started = Date.now(); !holds(); await sleep(10))
    if (Date.now() - started > 30_000) throw new Error('it never came to be');
}

test('both logs of a question change their key with questions in flight, and none of them fails', async () => {
  await others();
  const { stores } = province().keys;
  for (const origin of LOGS) {
    const store = stores.get(origin.split('/')[0]!)!;
    olds.set(origin, store.logKey(origin, Date.now()));
    const made = store.nextLogKey(origin, Date.now());
    const endorser = store.current('http-signature', Date.now())!;
    registered.push(acceptRegistration(registration(made, endorser), registered));
  }
  await publish();
  await until(() => LOGS.every((origin) => nodeOf(origin).log.signingKeys().before));
  await until(() => LOGS.every((origin) => existsSync(closingOf(origin))));
  await others();
  for (const origin of LOGS) {
    const { closed, next } = acceptLogKeyClosing(readFileSync(closingOf(origin), 'utf8'), registered);
    registered = registered.map(
      (key) => [closed, next].find(({ publicKey }) => publicKey === key.publicKey) ?? key,
    );
  }
  await publish();
  await until(() => LOGS.every((origin) => !existsSync(closingOf(origin))));
  await others();
  await stop();
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]));
  for (const origin of LOGS) {
    const { current, before } = nodeOf(origin).log.signingKeys();
    const keys = nodeOf(origin).registry.current.logKeys(origin);
    expect(keys).toEqual([before, current]);
    expect(nodeOf(origin).log.health().size).toBeGreaterThan(current.fromSize);
  }
}, 120_000);

test('the receipts of before, in between and after are verified by the registry of now', () => {
  const { current: view } = nodeOf(LOGS[0]).registry;
  const receipts = answered.map(({ receipt }) => receipt!);
  const checks = receipts.map((receipt) => verifyReceiptBy(receipt, trustRegistry(view)));
  expect(checks.filter(({ valid }) => !valid)).toEqual([]);
  const changed = view.logKeys(LOGS[0])[0]!.toSize!;
  const signatures = checks.map(({ checkpoint }) => [
    checkpoint!.size > changed,
    checkpoint!.note.split('\n').filter((line) => line.startsWith('— ')).length,
  ]);
  expect(new Set(signatures.map(String))).toEqual(
    new Set(
      [
        [false, 1], // the old key alone
        [true, 2], // both, until the old one was closed
        [true, 1], // the next key alone
      ].map(String),
    ),
  );
});

test('the old key signs nothing larger any more, for whoever has it', async () => {
  const node = nodeOf(LOGS[0]);
  const signer = noteSigner(LOGS[0], olds.get(LOGS[0])!.privateKey);
  const entry = await new LogReader(node, node.log).receipt(LOGS[0], node.log.checkpoint().size - 1);
  const stolen = { ...entry.checkpoint, note: signNote(formatCheckpoint(entry.checkpoint), signer) };
  const { peers } = nodeOf(LOGS[1]);
  expect(peers.verify(entry)).toMatchObject({ origin: LOGS[0] });
  expect(() => peers.verify({ ...entry, checkpoint: stolen })).toThrow(
    expect.objectContaining({ problem: 'entry-not-in-log', field: 'checkpoint' }),
  );
});

test('the monitor mirrors both logs across the change and finds no difference', async () => {
  const keys = { ...province().keys, registryNote: published };
  expect(await mirrored({ ...province(), keys }, 20_000)).toBe(true);
  const of = (path: string) =>
    call(province(), { agency: PROVINCE, base: province().monitorUrl, path }).then(({ body }) => body);
  const { logs } = (await of('/v1/logs')) as { logs: { origin: string; state: string; alarms: string[] }[] };
  const known = logs.filter(({ origin }) => LOGS.some((log) => log === origin));
  expect(known.map(({ state, alarms }) => [state, alarms])).toEqual(LOGS.map(() => ['following', []]));
  expect(await of('/v1/reconciliation')).toMatchObject({ difference: 0 });
});
