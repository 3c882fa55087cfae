import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import kafkajs, { type Kafka } from 'kafkajs';
import { openKafka, type LocalKafka } from '#local-kafka';
import {
  BrokerDown,
  openKafkaBroker,
  type Delivery,
  type KafkaBroker,
  type KafkaBrokerOptions,
  type TopicSpec,
} from '../index.js';

let kafka: LocalKafka;
let raw: Kafka;
const open: KafkaBroker[] = [];
const text = ({ value }: { value: Uint8Array }) => Buffer.from(value).toString();
const message = (body: string, key = body) => ({ key, headers: { h: body }, value: Buffer.from(body) });
const bodies = (count: number) => Array.from({ length: count }, (_, index) => String(index));

async function broker(options: Partial<KafkaBrokerOptions> = {}): Promise<KafkaBroker> {
  const made = await openKafkaBroker({
    brokers: kafka.bootstrap,
    agency: 'agency',
    clientId: `agency/test/${open.length}`,
    ...options,
  });
  open.push(made);
  return made;
}

let count = 0;
async function topic(settings: Partial<TopicSpec> = {}): Promise<TopicSpec> {
  const spec = {
    name: `topic-${++count}`,
    partitions: 1,
    retentionMs: 60_000,
    cleanup: 'delete' as const,
    maxMessageBytes: 100_000,
    key: 'k',
    ...settings,
  };
  await (await broker()).createTopics([spec]);
  return spec;
}

async function eventually(holds: () => boolean, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await sleep(5)) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${holds.toString()}`);
  }
}

beforeAll(async () => {
  kafka = await openKafka({
    dir: await mkdtemp(join(tmpdir(), 'kafka-broker-')),
    ephemeral: true,
    properties: { 'log.cleaner.backoff.ms': '200' },
  });
  raw = new kafkajs.Kafka({ ...kafka.connection(), logLevel: kafkajs.logLevel.NOTHING });
}, 90_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => kafka.close());

describe('topics', () => {
  test('that two processes make at the same time are made once, as their spec says', async () => {
    const spec: TopicSpec = {
      name: 'both',
      partitions: 3,
      retentionMs: 660_000,
      cleanup: 'delete',
      maxMessageBytes: 20_000,
      key: 'k',
    };
    const both = await Promise.all([broker(), broker()]);
    await Promise.all(both.map((each) => each.createTopics([spec])));
    expect(await both[0].partitions('both')).toBe(3);
    await expect(both[0].createTopics([{ ...spec, partitions: 2 }])).resolves.toBeUndefined();
  });

  test.each([
    ['partitions', { partitions: 2 }, 'partitions is 1, must be 2 or more'],
    [
      'retention',
      { retentionMs: 1_000 },
      'retention.ms is 60000, must be 1000; segment.ms is 60000, must be 1000',
    ],
    ['cleanup', { cleanup: 'compact' as const }, 'cleanup.policy is delete, must be compact'],
    ['size', { maxMessageBytes: 99_999 }, 'max.message.bytes is 100000, must be 99999'],
  ])('that are there with another %s stop the start and name the setting', async (_, other, detail) => {
    const spec = await topic();
    await expect((await broker()).createTopics([{ ...spec, ...other }])).rejects.toMatchObject({
      problem: 'transport-unavailable',
      field: spec.name,
      detail: `topic ${spec.name}: ${detail}`,
    });
  });

  test('with more copies asked for than there are brokers are refused by name', async () => {
    const spec = { ...(await topic()), name: 'copies' };
    await expect((await broker({ replication: 3 })).createTopics([spec])).rejects.toMatchObject({
      problem: 'transport-unavailable',
      field: 'copies',
      detail: 'topic copies: the broker refuses it (INVALID_REPLICATION_FACTOR)',
    });
  });

  test('trap: a sender whose clock is days behind does not lose its records to retention', async () => {
    const spec = await topic();
    const producer = raw.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: spec.name, messages: [{ value: 'old', timestamp: '1000' }] });
    await producer.disconnect();
    const seen: string[] = [];
    await (
      await broker()
    ).subscribe({ topic: spec.name, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await eventually(() => seen.length === 1);
    expect(await settingOf(spec.name, 'message.timestamp.type')).toBe('LogAppendTime');
  });

  test('trap: what is small only while it is compressed is refused by the broker, not unpacked by readers', async () => {
    const spec = await topic();
    const producer = raw.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    });
    await producer.connect();
    const send = (bytes: number) =>
      producer.send({
        topic: spec.name,
        compression: kafkajs.CompressionTypes.GZIP,
        messages: [{ value: Buffer.alloc(bytes) }],
      });
    await send(spec.maxMessageBytes / 2);
    await expect(send(spec.maxMessageBytes * 50)).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
    await producer.disconnect();
  });
});

async function settingOf(name: string, setting: string): Promise<string | undefined> {
  const admin = raw.admin();
  await admin.connect();
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({ resources: [{ type, name }], includeSynonyms: false });
  await admin.disconnect();
  return resources[0]?.configEntries.find(({ configName }) => configName === setting)?.configValue;
}

describe('a start', () => {
  test('with an address where nobody listens fails within two seconds and names it', async () => {
    const begun = Date.now();
    const refused = broker({ brokers: ['127.0.0.1:1'] }).catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(BrokerDown);
    expect(await refused).toMatchObject({ detail: 'the broker does not answer (ECONNREFUSED 127.0.0.1:1)' });
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  test('with a name that nobody knows says so', async () => {
    await expect(broker({ brokers: ['kafka.invalid:9092'] })).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: expect.stringMatching(/E(NOTFOUND|AI_AGAIN)/),
    });
  });

  test('trap: writes nothing to the console, neither kafkajs’s log nor its partitioner warning', async () => {
    const written: unknown[] = [];
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation((line) => void written.push(line)),
    );
    const spec = await topic();
    await (await broker()).publish(spec.name, [message('quiet')]);
    for (const spy of spies) spy.mockRestore();
    expect(written).toEqual([]);
  });
});

describe('publishing', () => {
  test('trap: what one turn collects may exceed what one batch of the topic holds', async () => {
    const { name } = await topic({ maxMessageBytes: 4_000 });
    const sender = await broker();
    const sent = bodies(60);
    const filler = 'x'.repeat(500);
    const seen: string[] = [];
    await sender.subscribe({ topic: name, group: 'g' }, ({ key }) => void seen.push(key));
    await Promise.all(sent.map((key) => sender.publish(name, [message(filler, key)])));
    await eventually(() => new Set(seen).size === 60);
    expect([...new Set(seen)].sort()).toEqual([...sent].sort());
  });

  test('a record that is too large is refused alone; those of the same turn arrive', async () => {
    const { name } = await topic({ maxMessageBytes: 4_000, partitions: 2 });
    const sender = await broker();
    await sender.partitions(name);
    const results = await Promise.allSettled([
      sender.publish(name, [message('first')]),
      sender.publish(name, [message('x'.repeat(4_000), 'big')]),
      sender.publish(name, [message('last')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { problem: 'body-too-large' } });
  });

  test('to a partition that is not there, or on a closed broker, is refused', async () => {
    const { name } = await topic();
    const sender = await broker();
    const outside = sender.publish(name, [{ ...message('x'), partition: 1 }]);
    await expect(outside).rejects.toMatchObject({ problem: 'transport-unavailable', field: name });
    await sender.close();
    await expect(sender.publish(name, [message('x')])).rejects.toMatchObject({ problem: 'shutting-down' });
    const reading = sender.subscribe({ topic: name, group: 'g' }, () => undefined);
    await expect(reading).rejects.toMatchObject({ problem: 'shutting-down' });
  });

  test('one key has the partition that Kafka’s own clients give it', async () => {
    const { name } = await topic({ partitions: 7 });
    const sender = await broker();
    const seen: Delivery[] = [];
    await sender.subscribe({ topic: name, group: 'g' }, (delivery) => void seen.push(delivery));
    await sender.publish(
      name,
      ['21', 'foobar', 'a-little-bit-long-string'].map((key) => message('x', key)),
    );
    await eventually(() => seen.length === 3);
    // murmur2 of these keys, from the vectors of Kafka's UtilsTest: -973932308, -790332482, -985981536.
    const expected = [-973932308, -790332482, -985981536].map((hash) => (hash & 0x7fffffff) % 7);
    const found = ['21', 'foobar', 'a-little-bit-long-string'].map(
      (key) => seen.find((each) => each.key === key)?.partition,
    );
    expect(found).toEqual(expected);
  });
});

describe('records of a stranger', () => {
  test('without key or value, or with a header twice, are delivered and stop nobody', async () => {
    const { name } = await topic();
    const producer = raw.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({
      topic: name,
      messages: [{ value: null }, { key: null, value: 'v', headers: { h: ['1', '2'] } }],
    });
    await producer.disconnect();
    const seen: Delivery[] = [];
    await (await broker()).subscribe({ topic: name, group: 'g' }, (delivery) => void seen.push(delivery));
    await eventually(() => seen.length === 2);
    const same = { topic: name, partition: 0, key: '' };
    expect(seen).toEqual([
      { ...same, offset: '0', headers: {}, value: new Uint8Array(0) },
      { ...same, offset: '1', headers: { h: '1,2' }, value: new Uint8Array(Buffer.from('v')) },
    ]);
  });
});

describe('a replay', () => {
  test('of an empty topic, or of one whose records have all gone, is caught up at once', async () => {
    const { name } = await topic({ cleanup: 'delete' });
    const reader = await broker();
    await (await reader.subscribe({ topic: name, replay: true }, () => undefined)).caughtUp();
    await reader.publish(name, [message('gone')]);
    const admin = raw.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(name);
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '-1' }] });
    await admin.disconnect();
    const begun = Date.now();
    await (await reader.subscribe({ topic: name, replay: true }, () => undefined)).caughtUp();
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  test('waits for the handler before it is caught up, and ends with `shutting-down` when it closes', async () => {
    const { name } = await topic({ cleanup: 'compact', retentionMs: Infinity });
    const reader = await broker();
    await reader.publish(name, [message('1', 'a'), message('2', 'b')]);
    const seen: string[] = [];
    const slow = await reader.subscribe({ topic: name, replay: true }, async (delivery) => {
      await sleep(40);
      seen.push(text(delivery));
    });
    await slow.caughtUp();
    expect(seen).toEqual(['1', '2']);
    const stuck = await reader.subscribe({ topic: name, replay: true }, () =>
      Promise.reject(new Error('never')),
    );
    const waiting = stuck.caughtUp();
    await Promise.all([expect(waiting).rejects.toMatchObject({ problem: 'shutting-down' }), stuck.close()]);
  });
});
