import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';
import { AskedExchanges, evidenceMigrations, type EntryDraft } from '../index.js';

const database = useDatabase(evidenceMigrations);
afterEach(closeTestLogs);

const LEAF = Buffer.alloc(32, 3).toString('base64url');
const T0 = Date.parse('2026-03-02T01:00:00.000Z');

/** A log whose clock the test sets. */
async function bench() {
  const identity = logIdentity();
  let now = T0;
  const log = await openTestLog(database(), identity, { clock: () => now });
  const ask = async (at: number, ...then: Partial<EntryDraft>[]): Promise<string> => {
    now = at;
    const exchange = randomUUID();
    await log.append(intent(exchange));
    for (const more of then)
      await log.append({ ...intent(exchange), kind: 'outcome', outcomes: { unavailable: 1 }, ...more });
    return exchange;
  };
  return { ask, exchanges: new AskedExchanges(database(), identity.origin) };
}

const [answered, unanswered, late] = [
  { answer: LEAF, outcomes: { found: 1 } },
  {},
  { answer: LEAF, parent: LEAF, late: true },
] as const;

test('an exchange without an answer in its log is found from its time on, one that is answered or acknowledged is not', async () => {
  const { ask, exchanges } = await bench();
  await ask(T0, unanswered);
  for (let i = 0; i < 20; i += 1) await ask(T0 + 1 + i, answered);
  const open = await ask(T0 + 100);
  await ask(T0 + 200, unanswered, late);
  const closed = await ask(T0 + 300, unanswered);
  expect(await exchanges.unanswered(new Date(T0 + 1))).toEqual(
    new Map([
      [open, T0 + 100],
      [closed, T0 + 300],
    ]),
  );
  expect([...(await exchanges.unanswered(new Date(T0 + 101))).keys()]).toEqual([closed]);
  expect((await exchanges.unanswered(new Date(T0 + 10_000))).size).toBe(0);
});

test('of an exchange its entries are told apart, those of other logs left out', async () => {
  const [one, other] = [await bench(), await bench()];
  const exchange = await one.ask(T0, unanswered, late);
  const { intent: asked, outcome, acknowledgement } = await one.exchanges.of(exchange);
  expect(asked).toMatchObject({ line: { kind: 'intent' }, kept: { purpose: { code: 'special-campaign' } } });
  expect([outcome!.line.late, acknowledgement!.line.late]).toEqual([undefined, true]);
  expect(await other.exchanges.of(exchange)).toEqual({});
});

test('a log that nobody has written to has none', async () => {
  const exchanges = new AskedExchanges(database(), 'nobody/gateway/0');
  expect((await exchanges.unanswered(new Date(0))).size).toBe(0);
});
