import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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

const SLOW_DISK = `
  create function slow_disk() returns trigger language plpgsql as $$ begin perform pg_sleep(0.8); return null; end $$;
  create trigger slow_disk after insert on log_entry for each statement execute function slow_disk();`;

async function problemOf(instance: Instance, question: WireMessage): Promise<string> {
  try {
    await instance.answer(question);
    return 'answered';
  } catch (error) {
    return (error as Problem).problem;
  }
}

async function counted({ parts }: Instance, { headers }: WireMessage): Promise<number> {
  const { rows } = await parts.node.database.pool.query('select from quota_counted where exchange = $1', [
    headers['exchange'],
  ]);
  return rows.length;
}

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
    instances.lookUp = () => Promise.resolve(NONE);
    await instances.read(await instance.answer(await ask(Date.now() + 10_000))); // the first of a process takes longer
    instances.lookUp = () => new Promise(() => undefined);
    const deadline = Date.now() + 3_000;
    const { body } = await instances.read(await instance.answer(await ask(deadline)));
    expect(Date.now()).toBeLessThan(deadline);
    expect((JSON.parse(body.toString()) as AnswerBody).reason).toBe('source-timeout');
  });
});

describe('an adapter that gets a question when its time is nearly over', () => {
  test('neither counts nor asks nor discloses: its asker could wait for nothing', async () => {
    const instance = await instances.open(0);
    let asked = 0;
    instances.lookUp = () => {
      asked += 1;
      return Promise.resolve(NONE);
    };
    const question = await ask(Date.now() + 2_000);
    await sleep(1_750);
    expect(await problemOf(instance, question)).toBe('provider-timeout');
    expect([asked, await counted(instance, question), await disclosures(instance, question)]).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('an adapter whose log takes so long that the asker would not get it in time', () => {
  test.each([
    ['an answer', () => sleep(1_800, NONE)],
    ['a refusal', () => new Promise<never>(() => undefined)],
  ])('records no disclosure of %s, now or later', async (_what, lookUp) => {
    const instance = await instances.open(0);
    const { pool } = instance.parts.node.database;
    instances.lookUp = lookUp;
    const question = await ask(Date.now() + 2_500);
    await pool.query(SLOW_DISK);
    expect(await problemOf(instance, question)).toBe('provider-timeout');
    await pool.query('drop function slow_disk() cascade');
    await instance.parts.node.log.append({
      kind: 'tick',
      exchange: randomUUID(),
      from: PROVIDER,
      to: PROVIDER,
    });
    expect(await disclosures(instance, question)).toBe(0);
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
    expect(await problemOf(instance, question)).toBe('provider-timeout');
    expect(await disclosures(instance, question)).toBe(0);
  });
});
