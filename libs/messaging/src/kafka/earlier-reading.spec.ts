import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type DeliveryHandler } from '../index.js';
import { bodies, broker, eventually, message, mortal, text, topic, useKafka } from './kafka.fixture.js';

useKafka();

type Opened = () => void;

/** A partition with three records, and a reader that looks back at them; `opened` is told of its sockets once it has begun. */
async function lookBack(handler?: DeliveryHandler) {
  const name = await topic();
  const since = Date.now() - 1_000;
  await (
    await broker()
  ).publish(
    name,
    bodies(0, 3).map((body) => message(body)),
  );
  const { socketFactory, die, revive } = mortal();
  const told = { opened: (() => undefined) as Opened, steps: [] as string[] };
  const reader = await broker({
    socketFactory: (to) => {
      told.opened();
      return socketFactory(to);
    },
    onFatal: () => undefined,
    report: ({ step }) => void told.steps.push(step),
  });
  const seen: string[] = [];
  const take: DeliveryHandler = (delivery) => {
    seen.push(text(delivery));
    return handler?.(delivery);
  };
  const subscription = await reader.subscribe(
    { topic: name, partition: 0, earlier: { since, handler: take } },
    () => undefined,
  );
  return { name, reader, seen, subscription, told, die, revive };
}

/** The same; its network falls silent at once. */
async function cutOff() {
  const looking = await lookBack();
  looking.die();
  return looking;
}

test('who looks back asks again when the broker was away at that moment', async () => {
  const { seen, subscription, revive } = await cutOff();
  await sleep(1_000);
  expect(seen).toEqual([]);
  revive();
  await subscription.caughtUp();
  expect(seen).toEqual(bodies(0, 3));
});

test('who looks back and cannot is closed in time, and hands out nothing afterwards', async () => {
  const { seen, subscription, revive } = await cutOff();
  const begun = Date.now();
  await subscription.close();
  expect(Date.now() - begun).toBeLessThan(8_000);
  revive();
  await sleep(3_000);
  expect(seen).toEqual([]);
});

test('who looks back begins anew when the broker went away while its reader joined, however long it stays away', async () => {
  const { seen, subscription, told, die, revive } = await lookBack();
  let sockets = 0;
  told.opened = () => {
    if (++sockets === 2) setImmediate(die);
  };
  await eventually(() => sockets >= 2);
  await sleep(8_000);
  expect(seen).toEqual([]);
  revive();
  await subscription.caughtUp();
  expect(seen).toEqual(bodies(0, 3));
  expect(told.steps).not.toContain('reader-lost');
});

test('how far it is from its end is told among the readers of its topic', async () => {
  const gate = Promise.withResolvers<void>();
  const { name, reader, seen, subscription } = await lookBack(() => gate.promise);
  await eventually(() => seen.length > 0);
  const [figures] = reader.figures().readers;
  expect(figures).toMatchObject({ topic: name, lag: 3 });
  expect(figures!.standstillMs).toBeGreaterThan(0);
  gate.resolve();
  await subscription.caughtUp();
  await eventually(() => reader.figures().readers[0]!.lag === 0);
});
