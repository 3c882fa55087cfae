import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DEAD_HEADER, HEADER, topics, type Delivery, type KafkaBroker, type WireMessage } from '#messaging';
import { readBooks } from '../support/books.js';
import { ask, KINDS, Load, type Asked } from '../support/load.js';
import { asOperator, eventually, expectSettled, OTHER, PROVIDER, ASKER, type Scene } from './scene.js';

const REQUESTS = topics.request(PROVIDER);
const DEADLINE_MS = 60_000;

/** What whoever operates the broker can do to messages: he sees all of them and may write anywhere. */
export function describeMessages({ province }: Scene): void {
  test('questions delivered again and in another order are answered again with the same disclosure', async () => {
    const load = new Load(province(), { askers: { social: 4 }, deadlineMs: DEADLINE_MS });
    await load.answers(12);
    const history = await load.stop();
    const replies = await asOperator(province(), async (broker) => {
      const asked = await questionsOf(broker, REQUESTS, history.slice(-10));
      for (const message of [...asked, ...asked].reverse()) await broker.publish(REQUESTS, [message]);
      return repliesTo(broker, asked, 3);
    });
    expect(replies.every((times) => times >= 3)).toBe(true);
    const { endings } = await expectSettled(province(), history);
    expect(endings).toEqual({ answered: history.length });
  });

  describe('a message that cannot be trusted', () => {
    test('goes to the dead letter without what it held, and the questions behind it are answered', async () => {
      const other = await ask(province(), 'fund', { deadlineMs: DEADLINE_MS });
      const before = await ask(province(), 'social', { deadlineMs: DEADLINE_MS });
      const found = await asOperator(province(), async (broker) => {
        const [own] = await questionsOf(broker, REQUESTS, [before]);
        const [foreign] = await questionsOf(broker, topics.request(OTHER), [other]);
        const [bad, from] = [poison(own!, foreign!), new Date()];
        for (const { message } of bad) await broker.publish(REQUESTS, [message]);
        return { bad, dead: await deadSince(broker, from, bad.length) };
      });
      const after = await ask(province(), 'social', { deadlineMs: DEADLINE_MS });
      expect([before.ending, after.ending]).toEqual(['answered', 'answered']);
      const codes = found.dead.map(({ headers }) => headers[DEAD_HEADER.problem]);
      expect(codes.sort()).toEqual(found.bad.map(({ code }) => code).sort());
      expectNothingPersonal(found.dead);
      await expectSettled(province(), [other, before, after]);
    });

    test('by its size is refused to its sender', async () => {
      const message = { key: 'k', headers: {}, value: Buffer.alloc(1_100_000) };
      const sent = asOperator(province(), (broker) => broker.publish(REQUESTS, [message]));
      await expect(sent).rejects.toMatchObject({ problem: 'body-too-large' });
      expect((await ask(province(), 'social')).ending).toBe('answered');
    });
  });

  test('nothing of it became an exchange of its own', async () => {
    const strays = [...(await readBooks(province())).values()].filter(
      ({ intents, outcomes }) => intents.length === 0 && outcomes.length === 0,
    );
    expect(strays).toEqual([]);
  });
}

/** Each with the code that it is refused with. */
function poison(own: WireMessage, foreign: WireMessage): { message: WireMessage; code: string }[] {
  const again = (change: Record<string, string>, value = own.value): WireMessage => ({
    key: own.key,
    headers: { ...own.headers, [HEADER.correlationId]: randomUUID(), ...change },
    value,
  });
  const changed = Uint8Array.from(own.value);
  changed[changed.length - 1]! ^= 1;
  const rubbish = Buffer.from(JSON.stringify(KINDS.social.request.subjects));
  return [
    { message: { key: 'k', headers: {}, value: rubbish }, code: 'envelope-version' },
    { message: again({ [HEADER.version]: '0' }), code: 'envelope-version' },
    { message: again({}, changed), code: 'envelope-changed' },
    { message: again({ from: OTHER }), code: 'envelope-changed' },
    { message: again({ from: 'housing-999999' }), code: 'envelope-changed' },
    { message: foreign, code: 'envelope-moved' },
  ];
}

function expectNothingPersonal(dead: readonly WireMessage[]): void {
  const text = dead.map(({ key, headers, value }) => `${key} ${JSON.stringify(headers)} ${value.length}`);
  const ids = KINDS.social.request.subjects.map((subject) => (subject as { idNumber: string }).idNumber);
  expect(ids.filter((id) => text.some((line) => line.includes(id)))).toEqual([]);
  expect(dead.filter(({ value }) => value.length > 0)).toEqual([]);
}

/** Reads a topic from its oldest record on, until `enough` holds of what it has. */
async function read(
  broker: KafkaBroker,
  topic: string,
  enough: (deliveries: readonly Delivery[]) => boolean,
): Promise<Delivery[]> {
  const seen: Delivery[] = [];
  const reading = await broker.subscribe({ topic, group: randomUUID() }, (one) => void seen.push(one));
  try {
    await eventually(() => Promise.resolve(enough(seen) || undefined));
    return seen;
  } finally {
    await reading.close();
  }
}

/** The questions that these calls became, in their order. */
async function questionsOf(
  broker: KafkaBroker,
  topic: string,
  asked: readonly Asked[],
): Promise<WireMessage[]> {
  const ids = asked.flatMap(({ answer }) => answer!.exchanges.map(({ exchange }) => exchange));
  const find = (all: readonly Delivery[]): (Delivery | undefined)[] =>
    ids.map((id) => all.find(({ headers }) => headers['exchange'] === id));
  const found = find(await read(broker, topic, (all) => !find(all).includes(undefined)));
  return found.map((delivery) => ({
    key: delivery!.key,
    headers: delivery!.headers,
    value: delivery!.value,
  }));
}

/** So many dead letters that were made since then. */
function deadSince(broker: KafkaBroker, from: Date, count: number): Promise<Delivery[]> {
  const since = (all: readonly Delivery[]): Delivery[] =>
    all.filter(({ headers }) => headers[DEAD_HEADER.at]! >= from.toISOString());
  return read(broker, topics.deadLetter(REQUESTS), (all) => since(all).length >= count).then(since);
}

/** How often each question was replied to, once all were so often. */
async function repliesTo(
  broker: KafkaBroker,
  asked: readonly WireMessage[],
  times: number,
): Promise<number[]> {
  const ids = asked.map(({ headers }) => headers[HEADER.correlationId]!);
  const count = (all: readonly Delivery[]): number[] =>
    ids.map((id) => all.filter(({ headers }) => headers[HEADER.correlationId] === id).length);
  return count(
    await read(broker, topics.reply(ASKER), (all) => count(all).every((replies) => replies >= times)),
  );
}
