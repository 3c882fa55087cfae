import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { bodies, broker, message, mortal, text, topic, useKafka } from './kafka.fixture.js';

useKafka();

/** A partition with three records, and a reader that looks back at them; its network falls silent at once. */
async function cutOff() {
  const name = await topic();
  const since = Date.now() - 1_000;
  await (
    await broker()
  ).publish(
    name,
    bodies(0, 3).map((body) => message(body)),
  );
  const { socketFactory, die, revive } = mortal();
  const reader = await broker({ socketFactory, onFatal: () => undefined });
  const seen: string[] = [];
  const earlier = { since, handler: (delivery: { value: Uint8Array }) => void seen.push(text(delivery)) };
  const subscription = await reader.subscribe({ topic: name, partition: 0, earlier }, () => undefined);
  die();
  return { seen, subscription, revive };
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
