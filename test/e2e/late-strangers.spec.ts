import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { messageHeaders, type WireMessage } from '#messaging';
import { correlated, forgeAnswer } from '../support/forge.js';
import {
  ALL,
  DEADLINE_MS,
  eventually,
  exchangeOf,
  housing,
  hrss,
  lateRoom,
  linesOf,
  REPLY,
  REQUEST,
} from '../support/late-room.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, recorrelated, Wiretap } from '../support/wire.js';

const province = useProvince({ busHistory: true, retryMs: 500 });
const { node, ask, acknowledged, lost, deliver, counted, lateReplies } = lateRoom(province);
beforeAll(() => liftQuotas(province(), hrss));
afterEach(() => province().bus.faults.clear());

/** Replies to no question of this gateway. */
const strangers = async (): Promise<number> => (await counted('transport_messages_total'))['unknown'] ?? 0;

/** An exchange that got its answer, and the reply that brought it. */
async function answered(): Promise<{ exchange: string; reply: WireMessage }> {
  const answer = await ask();
  expect(answer.status).toBe(200);
  return { exchange: exchangeOf(answer), reply: new Wiretap(province()).newest(REPLY) };
}

describe('a late reply that is not the provider’s', () => {
  test.each<
    [
      string,
      (lost: { request: WireMessage; reply: WireMessage }) => Promise<WireMessage> | WireMessage,
      string,
    ]
  >([
    [
      'was changed by one bit',
      ({ reply }) => {
        const value = Uint8Array.from(reply.value);
        value[500]! ^= 1;
        return { ...reply, value };
      },
      'envelope-changed',
    ],
    [
      'bears another deadline, to be late no more',
      ({ reply }) => {
        const deadline = new Date(Date.now() + 60_000).toISOString();
        return { ...reply, headers: { ...reply.headers, deadline } };
      },
      'envelope-changed',
    ],
    [
      'comes from another agency',
      async ({ request }) => {
        const { entry: intent } = await node(hrss).opener.open(REQUEST, request, 60_000);
        return forgeAnswer(node('fund-990100'), { intent, request }, {});
      },
      'envelope-spliced',
    ],
  ])('because it %s is noted and acknowledges nothing; the true one does', async (_what, forge, code) => {
    const { answer, request, reply } = await lost();
    expect(answer.status).toBe(504);
    const forged = correlated(await forge({ request, reply }), request);
    expect(await codesNoted(node(housing), () => deliver(forged))).toEqual([code]);
    expect(await linesOf(node(housing), exchangeOf(answer))).toHaveLength(2);
    await deliver(reply);
    expect(await acknowledged(exchangeOf(answer))).toHaveLength(3);
  });
});

test('a reply to no exchange that lacks its answer is counted, and costs no look and no word', async () => {
  const { exchange: answeredOne, reply: given } = await answered();
  const { answer, reply } = await lost();
  const [before, unknown] = [await lateReplies(), await strangers()];
  const of = (exchange: string): WireMessage =>
    recorrelated({ ...reply, headers: { ...reply.headers, exchange, ce_subject: exchange } });
  const forged = [of('00000000-0000-4000-8000-0000000000aa'), of('x'), of(answeredOne), recorrelated(given)];
  const attack = async (): Promise<void> => {
    for (const one of forged) await deliver(one);
  };
  expect(await codesNoted(node(housing), attack)).toEqual([]);
  expect([await lateReplies(), await strangers()]).toEqual([before, unknown + forged.length]);
  await deliver(reply);
  expect(await acknowledged(exchangeOf(answer))).toHaveLength(3);
});

test('replies that nobody can read are counted, and told to the operator once in a while', async () => {
  const told = (): number => province().logLines.filter((line) => line.includes('reply-malformed')).length;
  const junk = { key: 'x', headers: {}, value: Buffer.from('x'), partition: 0 };
  await province().bus.publish(REPLY, Array<typeof junk>(50).fill(junk));
  await eventually(async () => (await counted('transport_messages_total'))['malformed'] === 50 || undefined);
  expect(told()).toBe(1);
});

test('a stranger’s word that the answer came and broke its contract is not what the log says, and the true one is acknowledged', async () => {
  province().bus.faults.lose(REQUEST, ALL);
  const asking = ask({ deadlineMs: DEADLINE_MS });
  await sleep(500);
  const request = new Wiretap(province()).newest(REQUEST);
  const subject = request.headers['exchange']!;
  for (const problem of ['provider-contract', 'provider-evidence']) {
    const headers = messageHeaders({ source: 'stranger', type: 'exchange.request.reply', subject });
    const word = { key: subject, headers: { ...headers, problem }, value: new Uint8Array() };
    await deliver(correlated(word, request));
  }
  const answer = await asking;
  expect([answer.status, exchangeOf(answer)]).toEqual([504, subject]);
  const [, outcome] = await linesOf(node(housing), subject);
  expect(outcome).toMatchObject({ outcomes: { unavailable: 1 }, reason: 'provider-timeout' });
  const { node: provider } = province().adapters.get(hrss)!;
  const { entry: intent } = await provider.opener.open(REQUEST, request, 60_000);
  await deliver(await forgeAnswer(provider, { intent, request }, {}));
  expect(await acknowledged(subject)).toHaveLength(3);
});

test('a late reply about persons that the asker’s log cannot name any more is refused', async () => {
  const { answer, reply } = await lost();
  await node(housing).database.pool.query(
    "update log_entry set private = null where exchange = $1 and kind = 'intent'",
    [exchangeOf(answer)],
  );
  expect(await codesNoted(node(housing), () => deliver(reply))).toEqual(['subjects-differ']);
  expect(await linesOf(node(housing), exchangeOf(answer))).toHaveLength(2);
});
