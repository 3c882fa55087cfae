import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Delivery, type ReaderFigures } from '../index.js';
import { broker, eventually, kafka, message, mortal, text, topic, useKafka } from './kafka.fixture.js';
import { KafkaSubscription } from './kafka-subscription.js';

useKafka();

describe('a start', () => {
  test('looks up anew where to read when a moment ago the cluster had no answer to that', async () => {
    const name = await topic();
    const momentary = Object.assign(new Error('none yet'), { type: 'LEADER_NOT_AVAILABLE', retriable: true });
    let looked = 0;
    const seen: string[] = [];
    const subscription = await KafkaSubscription.open(
      () => ({
        ...{ topic: name, groupId: `agency.lease.${name}`, places: new Map([[0, { next: 0 }]]) },
        handler: (delivery: Delivery) => void seen.push(text(delivery)),
        prepare: () => (looked++ === 0 ? Promise.reject(momentary) : Promise.resolve(false)),
      }),
      {
        options: { brokers: kafka.bootstrap, agency: 'agency', clientId: 'agency/test/0' },
        ...{ report: () => undefined, fatal: () => undefined },
      },
    );
    try {
      await (await broker()).publish(name, [message('read')]);
      await eventually(() => seen.length === 1);
      expect(looked).toBeGreaterThan(1); // more often when the group's coordinator is not there yet either
    } finally {
      await subscription.close();
    }
  });
});

describe('the figures of a broker', () => {
  test('say what is behind and stands still, how often it began anew, and when the brokers last answered', async () => {
    const [name, other] = [await topic(2), await topic()];
    const { socketFactory, die, revive } = mortal();
    const reader = await broker({ socketFactory });
    const gate = Promise.withResolvers<void>();
    let taken = 0;
    await reader.subscribe({ topic: name, group: 'g' }, async ({ partition }) => {
      if (partition === 0) await gate.promise;
      taken++;
    });
    await reader.subscribe({ topic: other, replay: true }, () => undefined);
    const of = (topicName: string): ReaderFigures =>
      reader.figures().readers.find((each) => each.topic === topicName)!;
    await reader.publish(
      name,
      [0, 0, 0, 1, 1].map((partition) => message('x', partition)),
    );
    await eventually(() => taken === 2 && of(name).lag === 3);
    await sleep(100);
    expect(of(name).standstillMs).toBeGreaterThan(90);
    expect(of(other)).toMatchObject({ lag: 0, standstillMs: 0, restarts: 0, placesLost: 0 });
    expect(of(name).silentMs).toBeLessThan(1_500);
    expect(reader.figures()).toMatchObject({ sent: 5, failed: 0 });
    gate.resolve();
    await eventually(() => of(name).lag === 0);
    expect(of(name).standstillMs).toBe(0);
    die();
    await expect(reader.publish(name, [message('lost')])).rejects.toMatchObject({
      problem: 'transport-unavailable',
    });
    await eventually(() => of(other).silentMs > 1_500 && of(other).restarts > 0, 20_000);
    expect(reader.figures().failed).toBeGreaterThan(0);
    revive();
    await eventually(() => of(name).silentMs < 1_000 && of(other).silentMs < 1_000, 20_000);
    expect(reader.figures().readers).toHaveLength(2);
  });
});
