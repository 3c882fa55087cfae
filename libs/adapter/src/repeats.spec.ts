import { beforeEach, expect, test } from '@jest/globals';
import { topics, type WireMessage } from '#messaging';
import { forgeQuestion } from '../../../test/support/forge.js';
import { AnsweredExchanges } from './answered-exchanges.js';
import { PROVIDER, useInstances, type Instance } from './instances.fixture.js';
import { openQuestion } from './pipeline/open-question.js';

const instances = useInstances();

let lookUps: number;
beforeEach(() => {
  lookUps = 0;
  instances.lookUp = () => {
    lookUps += 1;
    return Promise.resolve({ dataTime: new Date(0), findings: new Map([[0, { answer: 'none' }]]) });
  };
});

const ask = (): Promise<WireMessage> => forgeQuestion(instances.requester, PROVIDER);

/** As an instance that was ended after it had taken the exchange, under the log that `instance` has now. */
async function takenBefore({ parts }: Instance, question: WireMessage): Promise<string> {
  const { exchange, intent, deadline } = await openQuestion(parts, topics.request(PROVIDER), question);
  const earlier = new AnsweredExchanges(parts.node.database, parts.node.origin);
  return earlier.take({ exchange, intentLeaf: intent.leaf, until: deadline });
}

/** Rejects the statements that have `words` in them. */
function failing({ parts }: Instance, words: string): { mend(): void } {
  const { pool } = parts.node.database;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const failed = (...args: unknown[]): Promise<unknown> =>
    JSON.stringify(args[0]).includes(words) ? Promise.reject(new Error('away')) : query(...args);
  Object.assign(pool, { query: failed });
  return { mend: () => Object.assign(pool, { query }) };
}

test('an exchange is given back by whoever cannot see whether it is recorded: the other instance answers at once', async () => {
  const [one, two] = [await instances.open(0), await instances.open(1)];
  const question = await ask();
  expect(await takenBefore(one, question)).toBe('own');
  const away = failing(one, 'from log_entry');
  expect(await instances.told(one, question)).toBe('log-unavailable');
  away.mend();
  const started = Date.now();
  expect(await instances.told(two, question)).toBe('none');
  expect(Date.now() - started).toBeLessThan(3_000);
});

test('an exchange is given back when nobody was told that it was taken', async () => {
  const [one, two] = [await instances.open(0), await instances.open(1)];
  const question = await ask();
  expect(await takenBefore(one, question)).toBe('own'); // and its answer was lost on the way
  const away = failing(one, 'adapter-take');
  expect(await instances.told(one, question)).toBe('log-unavailable');
  away.mend();
  const started = Date.now();
  expect(await instances.told(two, question)).toBe('none');
  expect(Date.now() - started).toBeLessThan(3_000);
});

test('of two disclosures, one of which came back from the mirror without its private line, the other one is told again', async () => {
  const [one, two] = [await instances.open(0), await instances.open(1)];
  const question = await ask();
  const exchange = question.headers['exchange']!;
  const { pool } = one.parts.node.database;
  const change = (sql: string): Promise<unknown> =>
    pool.query(`begin; alter table log_entry disable trigger user; ${sql};
      alter table log_entry enable trigger user; commit`);
  expect(await instances.told(two, question)).toBe('none');
  const other = '00000000-0000-4000-8000-000000000000';
  await change(
    `update log_entry set exchange = '${other}' where exchange = '${exchange}' and kind = 'disclosure';
     delete from answered_exchange`,
  );
  expect(await instances.told(one, question)).toBe('none');
  await change(
    `update log_entry set exchange = '${exchange}', refilled = true, private = null where exchange = '${other}'`,
  );
  await two.close();
  const again = await instances.open(1);
  expect([await instances.told(again, question), lookUps]).toEqual(['none', 2]);
});
