import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Tail } from '#evidence';
import { InProcessBus, topicSpecs, type Delivery } from '#messaging';
import { createLogger } from '#observability';
import { province } from '../../envelope/src/node.fixture.js';
import { decodeTail, type TailMessage } from './tail.js';
import { TailSender } from './tail-sender.js';

const { hrss, tax: monitor, sealer, opener } = province();
const TOPIC = topicSpecs.tail().name;

let bus: InProcessBus;
let deliveries: Delivery[];
let sender: TailSender;

beforeEach(() => {
  bus = new InProcessBus();
  deliveries = [];
  const parts = { settings: { monitor: monitor.agency }, broker: bus, logger: createLogger('silent') };
  sender = new TailSender(parts, hrss.origin, sealer, { newest: () => [] });
});
afterEach(async () => {
  await sender.close();
  await bus.close();
});

/** The tail topic is there from now on. */
async function open(): Promise<void> {
  await bus.createTopics([topicSpecs.tail()]);
  await bus.subscribe({ topic: TOPIC, group: 'spec' }, (delivery) => void deliveries.push(delivery));
}

/** A commit of one line of so many bytes at `from`. */
function tail(from: number, bytes = 10): Tail {
  const checkpoint = {
    origin: hrss.origin,
    size: from + 1,
    root: Buffer.alloc(32),
    note: `note ${from + 1}`,
  };
  return { origin: hrss.origin, from, lines: [Buffer.alloc(bytes, 'x')], checkpoint };
}

/** First index, number of lines and checkpoint of what has come, as soon as it covers `size` lines. */
async function received(size: number): Promise<[number, number, string][]> {
  for (let tries = 0; tries < 500; tries += 1) {
    const tails: TailMessage[] = [];
    for (const delivery of deliveries)
      tails.push(decodeTail((await opener(monitor).openTail(TOPIC, delivery)).body));
    if (tails.reduce((sum, { lines }) => sum + lines.length, 0) >= size)
      return tails.map(({ from, lines, checkpoint }) => [from, lines.length, checkpoint.note]);
    await sleep(10);
  }
  throw new Error('the tails never came');
}

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
  for (const each of [tail(0), tail(1, 200_000), tail(2, 200_000), tail(7)]) sender.offer(each);
  expect(await received(4)).toEqual([
    [0, 1, 'note 1'],
    [1, 1, 'note 2'],
    [2, 1, 'note 3'],
    [7, 1, 'note 8'],
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
