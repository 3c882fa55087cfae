import { describe, expect, test } from '@jest/globals';
import { type AnswerBody } from '#exchange';
import { type WireMessage } from '#messaging';
import { type Problem } from '#problem';
import { forgeQuestion } from '../../../test/support/forge.js';
import { PROVIDER, useInstances, type Instance } from './instances.fixture.js';
import { type SourceReply } from './query-handler.js';

const instances = useInstances();
const NONE: SourceReply = {
  dataTime: new Date('2026-10-01T00:00:00.000Z'),
  findings: new Map([[0, { answer: 'none' }]]),
};

const ask = (deadline: number): Promise<WireMessage> =>
  forgeQuestion(instances.requester, PROVIDER, { deadline: new Date(deadline).toISOString() });

async function disclosures({ parts }: Instance, { headers }: WireMessage): Promise<number> {
  const { rows } = await parts.node.database.pool.query<{ n: number }>(
    `select count(*)::int as n from log_entry where exchange = $1 and kind = 'disclosure'`,
    [headers['exchange']],
  );
  return rows[0]!.n;
}

describe('an adapter whose source hangs', () => {
  test('says so while its asker still waits, however short the deadline', async () => {
    const instance = await instances.open(0);
    instances.lookUp = () => new Promise(() => undefined);
    const deadline = Date.now() + 3_000;
    const { body } = await instances.read(await instance.answer(await ask(deadline)));
    expect(Date.now()).toBeLessThan(deadline);
    expect((JSON.parse(body.toString()) as AnswerBody).reason).toBe('source-timeout');
  });
});

describe('an adapter that has its answer after the deadline', () => {
  test('discloses nothing: its asker has closed the exchange', async () => {
    const instance = await instances.open(0);
    const deadline = Date.now() + 1_500;
    instances.lookUp = () => {
      while (Date.now() <= deadline); // a process that stood still: no timer of its own told it
      return Promise.resolve(NONE);
    };
    const question = await ask(deadline);
    const problem = await instance.answer(question).catch((error: unknown) => error as Problem);
    expect(problem).toMatchObject({ problem: 'provider-timeout' });
    expect(await disclosures(instance, question)).toBe(0);
  });
});
