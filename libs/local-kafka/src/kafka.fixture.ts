import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type KafkaConnection, type KafkaOptions, type LocalKafka, openKafka } from './index.js';

// Two or three JVMs at a time on a machine that has other work.
jest.setTimeout(180_000);
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

/** A Kafka for the specs of one `describe`. */
export function useKafka(options: Omit<KafkaOptions, 'dir' | 'ephemeral'> = {}): () => LocalKafka {
  let dir: string;
  let kafka: LocalKafka | undefined;
  beforeAll(async () => {
    dir = await newFolder();
    kafka = await openKafka({ dir, ephemeral: true, ...options });
  });
  afterAll(async () => {
    await kafka?.close();
    await rm(dir, { recursive: true, force: true });
  });
  return () => {
    if (!kafka) throw new Error('use it inside a test or a later hook: beforeAll has not run');
    return kafka;
  };
}

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'exchange-gateway-kafka-'));
}

/** A kafkajs that says nothing and gives up soon, unless told to be patient. */
export function clientOf(connection: KafkaConnection, retries = 0): Kafka {
  return new Kafka({
    ...connection,
    logLevel: logLevel.NOTHING,
    requestTimeout: 3_000,
    retry: { retries, initialRetryTime: 50, maxRetryTime: 500 },
  });
}

/** Makes a topic with one partition on as many brokers as there are. */
export async function makeTopic(connection: KafkaConnection, topic: string): Promise<void> {
  const admin = clientOf(connection, 5).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
  await admin.disconnect();
}

/** Sends each text on its own, waiting until all replicas in sync have it. */
export async function send(
  connection: KafkaConnection,
  topic: string,
  texts: readonly string[],
  retries = 0,
): Promise<void> {
  const producer = clientOf(connection, retries).producer();
  await producer.connect();
  try {
    for (const value of texts) await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

/** The first `count` texts of a topic; rejects with kafkajs's error when the consumer is turned away. */
export async function read(
  connection: KafkaConnection,
  topic: string,
  groupId: string,
  count: number,
): Promise<string[]> {
  const consumer = clientOf(connection, 8).consumer({
    groupId,
    maxWaitTimeInMs: 200,
    sessionTimeout: 10_000,
  });
  const texts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error); // else it tries again: a coordinator may still be loading
      });
      const eachMessage = ({ message }: { message: { value: Buffer | null } }) => {
        texts.push(String(message.value));
        if (texts.length === count) resolve();
        return Promise.resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return texts;
}

/** Node id of the broker that leads a topic's only partition. */
export async function leaderOf(connection: KafkaConnection, topic: string): Promise<number> {
  const admin = clientOf(connection, 5).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]?.partitions[0]?.leader ?? 0;
}

export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 15_000; !condition(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('it did not become true in 15 s');
  }
}
