import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '#database';
import { AnswerCipher } from '#node';
import { useDatabaseUrl } from '#testing';
import { Proxy } from '../../../../test/support/proxy.js';
import { type Answered } from '../pipeline/answered.js';
import { type Call } from '../pipeline/call.js';
import { Calls } from './calls.js';
import { callMigrations } from './migrations.js';

const url = useDatabaseUrl();
let proxy: Proxy;
let database: Database;
let calls: Calls;
let warned: unknown[];

beforeAll(async () => {
  const { hostname: host, port } = new URL(url());
  proxy = await Proxy.open(() => ({ host, port: Number(port) }));
  database = await openDatabase({ url: proxy.urlOf(url()), name: 'spec', migrations: callMigrations });
  warned = [];
  const logger = { warn: (...said: unknown[]) => void warned.push(said) };
  calls = new Calls(database, new AnswerCipher(Buffer.alloc(32, 7)), Date.now, logger);
});
afterAll(async () => {
  await database.close();
  await proxy.close();
});

function callOf(ms: number, requestId: string = randomUUID()): Call {
  const asked = { id: randomUUID(), request: { requestId }, asker: { agency: { id: 'housing-990100' } } };
  return { ...asked, bodyDigest: Buffer.alloc(32, 1), deadline: Date.now() + ms } as unknown as Call;
}

const answered = { status: 200, body: { exchanges: [{ results: [{ subject: 0 }] }] }, trails: [] };
const work = (): Promise<Answered> => Promise.resolve(answered as unknown as Answered);

async function once(call: Call, doing = work): Promise<{ said: unknown; late: boolean }> {
  const said = await calls.once(call, doing).then(
    ({ replayed }) => (replayed ? 'replayed' : 'answered'),
    (error: unknown) => (error as { problem: string }).problem,
  );
  return { said, late: Date.now() > call.deadline + 1_000 };
}

test('a call whose claim is lost on the way is refused at its deadline, and is asked afresh a moment later', async () => {
  const requestId = randomUUID();
  await once(callOf(10_000));
  proxy.forget();
  expect(await once(callOf(1_000, requestId))).toEqual({ said: 'log-unavailable', late: false });
  await new Promise((resolve) => setTimeout(resolve, 4_500)); // until the batch that hangs is given up
  expect(await once(callOf(10_000, requestId))).toEqual({ said: 'answered', late: false });
  expect(await once(callOf(10_000, requestId))).toEqual({ said: 'replayed', late: false });
}, 30_000);

test('a call whose answer cannot be kept is answered by its deadline', async () => {
  const asked = once(callOf(1_000), () => {
    proxy.forget();
    return work();
  });
  expect(await asked).toEqual({ said: 'answered', late: false });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(warned).toHaveLength(1);
}, 30_000);
