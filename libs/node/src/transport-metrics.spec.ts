import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openKafka, type LocalKafka } from '#local-kafka';
import { InProcessBus, openKafkaBroker, topicSpecs, topics } from '#messaging';
import { Metrics } from '#observability';
import { tracedBroker } from './traced-broker.js';
import { observeBroker } from './transport-metrics.js';

let kafka: LocalKafka;
beforeAll(async () => {
  kafka = await openKafka({ dir: await mkdtemp(join(tmpdir(), 'transport-metrics-')), ephemeral: true });
}, 90_000);
afterAll(() => kafka.close());

const told = async ({ registry }: Metrics) =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('transport_'));

test('a process tells of each topic that it reads from Kafka, and of what it sent', async () => {
  const kafkaBroker = await openKafkaBroker({
    ...{ brokers: kafka.bootstrap, agency: 'hrss-990000', clientId: 'hrss-990000/adapter/0' },
  });
  const broker = tracedBroker(kafkaBroker);
  const metrics = new Metrics({});
  observeBroker(metrics, broker);
  try {
    await broker.createTopics([topicSpecs.registry()]);
    const gate = Promise.withResolvers<void>();
    const inHand = Promise.withResolvers<void>();
    await broker.subscribe({ topic: topics.registry(), replay: true }, () => {
      inHand.resolve();
      return gate.promise;
    });
    await broker.publish(topics.registry(), [{ key: 'registry', headers: {}, value: Buffer.from('x') }]);
    await inHand.promise;
    const lines = await told(metrics);
    expect(lines).toEqual(
      expect.arrayContaining([
        'transport_lag_records{topic="registry"} 1',
        'transport_records_sent_total{result="taken"} 1',
        'transport_records_sent_total{result="failed"} 0',
        'transport_reader_restarts_total{topic="registry"} 0',
        'transport_places_lost_total{topic="registry"} 0',
      ]),
    );
    for (const name of ['standstill', 'silent']) {
      expect(lines.join('\n')).toMatch(
        new RegExp(`transport_${name}_seconds\\{topic="registry"\\} [0-9.e-]+`),
      );
    }
    gate.resolve();
  } finally {
    await broker.close();
  }
});

test('on the bus of one process there is no broker to tell of', async () => {
  const metrics = new Metrics({});
  observeBroker(metrics, tracedBroker(new InProcessBus()));
  expect(await told(metrics)).toEqual([]);
});
