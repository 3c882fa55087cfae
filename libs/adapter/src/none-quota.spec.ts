import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type SchemeSource } from '#contracts';
import { type AnswerBody } from '#exchange';
import { type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { forgeQuestion } from '../../../test/support/forge.js';
import {
  FOUND,
  NONE,
  noneCounted,
  PROVIDER,
  REQUESTER,
  useInstances,
  type Instance,
} from './instances.fixture.js';
import { type SourceReply } from './query-handler.js';

const instances = useInstances();
let one: Instance;

beforeEach(async () => {
  one = await instances.open(0);
  await one.parts.node.database.pool.query(
    'truncate quota_day, quota_subject_day, quota_bucket, quota_counted',
  );
});

const limited =
  (nonePerDay: number) =>
  (schemes: SchemeSource[]): void => {
    for (const { grants } of schemes)
      for (const { quota } of grants)
        Object.assign(quota, { perDay: 1_000, perSubjectPerDay: 1_000, burst: 1_000, nonePerDay });
  };
const finds = (reply: SourceReply): void => void (instances.lookUp = () => Promise.resolve(reply));
const ask = (ms = 20_000): Promise<WireMessage> =>
  forgeQuestion(instances.requester, PROVIDER, { deadline: new Date(Date.now() + ms).toISOString() });

/** The word of the answer, with the reason of a refusal. */
async function told(question: WireMessage): Promise<string> {
  const { body } = await instances.read(await one.answer(question));
  const { answer, reason } = JSON.parse(body.toString()) as AnswerBody;
  return [answer, reason].filter(Boolean).join(' ');
}

describe('persons of whom there is nothing', () => {
  test('are not told beyond the limit to questions that were let through before it was reached, nor are the others', async () => {
    await instances.publish(one, limited(5));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let looked = 0;
    instances.lookUp = async () => {
      const isKnown = (looked += 1) > 40;
      await held;
      return isKnown ? FOUND : NONE;
    };
    const questions = await Promise.all(Array.from({ length: 50 }, () => ask()));
    const answers = Promise.all(questions.map(told));
    while ((await letThrough()) < 50) await sleep(20);
    release();
    const words = await answers;
    const count = (word: string): number => words.filter((one) => one === word).length;
    expect(count('none')).toBeLessThanOrEqual(5);
    expect(count('none') + count('found') + count('refused none-quota')).toBe(50);
    expect(count('refused none-quota')).toBeGreaterThan(35); // so that of those who are known there are some too
    expect(await noneCounted(one)).toBe(5);
    finds(FOUND);
    expect(await told(await ask())).toBe('refused none-quota');
    expect(await told(questions[words.indexOf('none')]!)).toBe('none');
  });

  test('count once for an exchange, however often its answer could not be recorded', async () => {
    await instances.publish(one, limited(5));
    finds(NONE);
    const question = await ask();
    const append = jest.spyOn(one.parts.node.log, 'append');
    for (let i = 0; i < 3; i += 1) {
      append.mockRejectedValueOnce(new Problem('log-unavailable'));
      expect(await instances.told(one, question)).toBe('log-unavailable');
    }
    append.mockRestore();
    expect(await told(question)).toBe('none');
    expect(await noneCounted(one)).toBe(1);
  });

  test('do not count in an answer that is too late to be recorded: the next refusal would tell of them', async () => {
    await instances.publish(one, limited(1));
    const deadline = Date.now() + 1_500;
    const question = await ask(1_500);
    instances.lookUp = async () => {
      while (Date.now() < deadline - 20); // the process is busy: neither its timers nor anything else runs
      return Promise.resolve(NONE);
    };
    expect(await instances.told(one, question)).toBe('provider-timeout');
    expect(await noneCounted(one)).toBe(0);
    finds(FOUND);
    expect(await told(await ask())).toBe('found');
  });

  test('cost the same statements as those who are found', async () => {
    await instances.publish(one, limited(5));
    const said = listening(one);
    const statements = async (reply: SourceReply): Promise<string[]> => {
      finds(reply);
      await told(await ask());
      return said.splice(0);
    };
    await statements(FOUND);
    const [found, none] = [await statements(FOUND), await statements(NONE)];
    expect(none).toEqual(found);
    expect(none).toContain('quota-add-none');
  });

  test('leave one event a day for all refusals, each of them counted, and what was there before', async () => {
    await instances.publish(one, limited(1));
    const { security } = one.parts.node;
    security.record({ code: 'envelope-changed', claimed: 'forger' });
    finds(NONE);
    expect(await told(await ask())).toBe('none');
    const before = (await security.counts())['none-quota'] ?? 0;
    const words = await Promise.all(Array.from({ length: 50 }, async () => told(await ask())));
    expect(new Set(words)).toEqual(new Set(['refused none-quota']));
    expect((await security.counts())['none-quota']).toBe(before + 50);
    const events = await security.newest(100);
    expect(events.filter(({ code }) => code === 'none-quota')).toMatchObject([
      {
        claimed: REQUESTER,
        about: expect.stringMatching(/^20\d\d-\d\d-\d\d\/HR-SI-01@1\/licence-screening$/),
      },
    ]);
    expect(events).toContainEqual(expect.objectContaining({ code: 'envelope-changed', claimed: 'forger' }));
  });
});

async function letThrough(): Promise<number> {
  const { rows } = await one.parts.node.database.pool.query<{ n: number }>(
    'select count(*)::int as n from quota_counted',
  );
  return rows[0]!.n;
}

type Query = (...args: unknown[]) => unknown;

/** The names of the quota's statements, in their order. */
function listening({ parts }: Instance): string[] {
  const { pool } = parts.node.database;
  const said: string[] = [];
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown;
  const heard = async (...args: unknown[]): Promise<unknown> => {
    const client = (await connect(...args)) as { query: Query } | undefined; // none when it calls back
    if (client === undefined || Object.hasOwn(client, 'heard')) return client;
    const query = client.query.bind(client);
    const noted: Query = (...asked) => {
      const { name } = asked[0] as { name?: string };
      if (name?.startsWith('quota-')) said.push(name);
      return query(...asked);
    };
    return Object.assign(client, { query: noted, heard: true });
  };
  Object.assign(pool, { connect: heard });
  return said;
}
