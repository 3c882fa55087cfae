import { Kafka, logLevel, type Consumer, type EachBatchHandler } from 'kafkajs';

export function kafkaOf(brokers: string[], clientId: string): Kafka {
  return new Kafka({ brokers, clientId, logLevel: logLevel.NOTHING });
}

/** Makes the topics that a baseline talks on, before anybody listens. */
export async function makeTopics(
  brokers: string[],
  partitions: Readonly<Record<string, number>>,
): Promise<void> {
  const admin = kafkaOf(brokers, 'bench-admin').admin();
  await admin.connect();
  try {
    const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions }));
    await admin.createTopics({ topics, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

/**
 * Reads a topic from its present end on, alone in a group of its own, without commits: what is published once this has
 * resolved will be delivered. (`fromBeginning: false` alone loses what comes before the first fetch.)
 */
export async function consumeFromNow(
  kafka: Kafka,
  topic: string,
  eachBatch: EachBatchHandler,
): Promise<Consumer> {
  const consumer = await consume(kafka, `bench.${topic}.${process.pid}`, topic, {
    autoCommit: false,
    eachBatch,
  });
  const admin = kafka.admin();
  await admin.connect();
  for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
    consumer.seek({ topic, partition, offset: high });
  }
  await admin.disconnect();
  return consumer;
}

/** Reads a topic as the only member of a group that remembers where it was. */
export function consumeAsGroup(
  kafka: Kafka,
  groupId: string,
  topic: string,
  eachBatch: EachBatchHandler,
): Promise<Consumer> {
  return consume(kafka, groupId, topic, { autoCommitInterval: 1_000, eachBatch });
}

async function consume(
  kafka: Kafka,
  groupId: string,
  topic: string,
  run: Parameters<Consumer['run']>[0] & object,
): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 300, minBytes: 1 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run(run);
  await joined;
  return consumer;
}
