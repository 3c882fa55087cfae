import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';
import { evidenceMigrations, OpenIntents, type OpenIntent, type PublicLine } from '../index.js';

const database = useDatabase(evidenceMigrations);
afterEach(closeTestLogs);

const SOON = '2026-03-02T01:01:00.000Z';
const LATER = '2026-03-02T01:05:00.000Z';
const after = (deadline: string) => new Date(Date.parse(deadline) + 1);
const exchangesOf = (open: readonly OpenIntent[]) =>
  open.map(({ publicLine }) => (JSON.parse(publicLine.toString()) as PublicLine).exchange);

/** A log, what it is asked for, and ways to add to it. */
async function bench() {
  const identity = logIdentity();
  const log = await openTestLog(database(), identity);
  const ask = async (deadline: string, exchange: string = randomUUID()) => {
    await log.append({ ...intent(exchange), deadline });
    return exchange;
  };
  const close = (exchange: string) => log.append({ ...intent(exchange), kind: 'outcome', deadline: SOON });
  return { ask, close, intents: new OpenIntents(database(), identity.origin) };
}

test('an intent is open once its deadline is over and no outcome was recorded, oldest first', async () => {
  const { ask, close, intents } = await bench();
  const [first, second, third] = [await ask(SOON), await ask(SOON), await ask(LATER)];
  await close(second);
  expect(exchangesOf(await intents.find(new Date(SOON)))).toEqual([]);
  expect(exchangesOf(await intents.find(after(SOON)))).toEqual([first]);
  expect(exchangesOf(await intents.find(after(LATER)))).toEqual([first, third]);
});

test('what was under way at one look and closed before the next is not open', async () => {
  const { ask, close, intents } = await bench();
  const exchanges = [await ask(SOON), await ask(SOON)];
  expect(exchangesOf(await intents.find(after(SOON)))).toEqual(exchanges);
  await close(exchanges[0]!);
  const added = await ask(SOON);
  expect(exchangesOf(await intents.find(after(SOON)))).toEqual([exchanges[1], added]);
  for (const exchange of [exchanges[1]!, added]) await close(exchange);
  expect(await intents.find(after(LATER))).toEqual([]);
});

test('a log that nobody has written to has none', async () => {
  expect(await new OpenIntents(database(), 'nobody/gateway/0').find(new Date())).toEqual([]);
});
