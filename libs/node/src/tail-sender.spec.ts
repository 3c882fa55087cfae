import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { Opener, Sealer } from '#envelope';
import { type Tail } from '#evidence';
import { InProcessBus, topicSpecs, type Delivery } from '#messaging';
import { createLogger } from '#observability';
import { LOG, OWN, TestNode } from './node.fixture.js';
import { decodeTail, type TailMessage } from './tail.js';
import { TailSender } from './tail-sender.js';

/** A node that is its own monitor. */
const bench = new TestNode();
const registry = bench.holder();
const sealer = new Sealer({ registry });
const opener = new Opener({ registry, keys: bench.store(OWN) });
const TOPIC = topicSpecs.tail().name;

let bus: InProcessBus;
let deliveries: Delivery[];
let sender: TailSender;

beforeEach(() => {
  bus = new InProcessBus();
  deliveries = [];
  const parts = { settings: { monitor: OWN }, broker: bus, logger: createLogger('silent') };
  sender = new TailSender(parts, LOG, sealer, { newest: () => [] });
});
afterAll(() => rmSync(bench.dir, { recursive: true, force: true }));
afterEach(async () => {
  await sender.close();
  await bus.close();
});

/** The tail topic is there from now on. */
async function open(): Promise<void> {
  await bus.createTopics([topicSpecs.tail()]);
  await bus.subscribe({ topic: TOPIC, group: 'spec' }, (delivery) => void deliveries.push(delivery));
}

/** A commit of so many lines of so many bytes at `from`. */
function tail(from: number, bytes = 10, count = 1): Tail {
  const checkpoint = {
    origin: LOG,
    size: from + count,
    root: Buffer.alloc(32),
    note: `note ${from + count}`,
  };
  const lines = Array.from({ length: count }, () => Buffer.alloc(bytes, 'x'));
  return { origin: LOG, from, lines, checkpoint };
}

/** First index, number of lines and checkpoint of what has come, as soon as it covers `size` lines. */
async function received(size: number): Promise<[number, number, string][]> {
  for (let tries = 0; tries < 500; tries += 1) {
    const tails: TailMessage[] = [];
    for (const delivery of deliveries) tails.push(decodeTail((await opener.openTail(TOPIC, delivery)).body));
    if (tails.reduce((sum, { lines }) => sum + lines.length, 0) >= size)
      return tails.map(({ from, lines, checkpoint }) => [from, lines.length, checkpoint.note]);
    await sleep(10);
  }
  throw new Error('the tails never came');
}

test('a log that goes on is announced by its checkpoint alone, and one that has not begun is not', async () => {
  await open();
  const { checkpoint } = tail(6);
  sender.announce({ ...checkpoint, size: 0 });
  sender.announce(checkpoint);
  sender.offer(tail(7));
  expect(await received(1)).toEqual([
    [7, 0, 'note 7'],
    [7, 1, 'note 8'],
  ]);
});

test('tails committed while one is under way go as one, under the last checkpoint', async () => {
  await open();
  for (let index = 0; index < 5; index += 1) sender.offer(tail(index));
  expect(await received(5)).toEqual([
    [0, 1, 'note 1'],
    [1, 4, 'note 5'],
  ]);
});

test('what does not follow, or would be too much at once, is not joined', async () => {
  await open();
  for (const each of [tail(0), tail(1, 50_000, 4), tail(5, 50_000, 4), tail(12)]) sender.offer(each);
  expect(await received(10)).toEqual([
    [0, 1, 'note 1'],
    [1, 4, 'note 5'],
    [5, 4, 'note 9'],
    [12, 1, 'note 13'],
  ]);
});

test('a tail waits while there is no broker to take it, and nothing is lost', async () => {
  for (let index = 0; index < 3; index += 1) sender.offer(tail(index));
  await sleep(100);
  await open();
  expect(await received(3)).toEqual([
    [0, 1, 'note 1'],
    [1, 2, 'note 3'],
  ]);
  expect([sender.lost, sender.waiting]).toEqual([0, 0]);
});

test('what could not be sent when the node closes is counted as lost', async () => {
  for (let index = 0; index < 3; index += 1) sender.offer(tail(index));
  await sender.close();
  expect([sender.lost, sender.waiting]).toEqual([2, 0]);
});

test('of more than 32 MiB that wait the oldest go, and are counted as lost', async () => {
  for (let n = 0; n < 140; n += 1) sender.offer(tail(2 * n, 250_000)); // not joined: none follows another
  expect([sender.lost, sender.waiting]).toEqual([5, 134]);
  await sender.close();
});
