import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';

/** What a kafkajs client needs to reach this Kafka: pass it to `new Kafka(…)`. */
export type KafkaConnection = Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>;

/** Node ids of the brokers that the one at `connection` knows to be up; throws when it does not answer. */
export async function brokersUp(connection: KafkaConnection): Promise<number[]> {
  const kafka = new Kafka({
    ...connection,
    clientId: 'local-kafka',
    connectionTimeout: 1_000,
    authenticationTimeout: 2_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b);
  } finally {
    await admin.disconnect();
  }
}
