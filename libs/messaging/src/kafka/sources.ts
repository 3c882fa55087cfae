import { randomUUID } from 'node:crypto';
import { topicProblem, type DeliveryHandler, type Source } from '../broker.js';
import { KafkaSubscription, type SubscriptionContext } from './kafka-subscription.js';
import { Lease } from './lease.js';
import { settle, type Places } from './places.js';
import { Progress } from './progress.js';
import { type ReaderPlan } from './reader.js';
import { type Topics } from './topics.js';

type Of<K extends PropertyKey> = Extract<Source, Record<K, unknown>>;

/** Subscribes to a source. Errors: those of `Broker.subscribe`. */
export async function subscribeTo(
  source: Source,
  handler: DeliveryHandler,
  topics: Topics,
  context: SubscriptionContext,
): Promise<KafkaSubscription> {
  if ('group' in source) return subscribeGroup(source, handler, topics, context);
  if ('partition' in source) return subscribePartition(source, handler, topics, context);
  return subscribeReplay(source, handler, topics, context);
}

/** One Kafka group for each group and topic: kafkajs gives every member partitions of all its group's topics. */
async function subscribeGroup(
  { topic, group }: Of<'group'>,
  handler: DeliveryHandler,
  topics: Topics,
  context: SubscriptionContext,
): Promise<KafkaSubscription> {
  await topics.partitions(topic);
  const groupId = `${context.options.agency}.${group}.${topic}`;
  const places: Places = new Map();
  const prepare = () => holdAgain(topic, places, topics);
  const plan: ReaderPlan = { topic, groupId, handler, commits: true, places, prepare };
  return KafkaSubscription.open(() => plan, context);
}

/** Before another life: are the places of the last one still in the topic? */
export async function holdAgain(topic: string, places: Places, topics: Topics): Promise<boolean> {
  return places.size > 0 && settle(places, await topics.watermarks(topic));
}

async function subscribePartition(
  { topic, partition }: Of<'partition'>,
  handler: DeliveryHandler,
  topics: Topics,
  context: SubscriptionContext,
): Promise<KafkaSubscription> {
  if (partition >= (await topics.partitions(topic)))
    throw topicProblem(topic, `has no partition ${partition}`);
  const lease = new Lease(topic, partition);
  const places: Places = new Map();
  const prepare = async () => {
    if (places.size > 0) return holdAgain(topic, places, topics);
    const high = (await topics.watermarks(topic)).get(partition)?.high;
    places.set(partition, { next: high ?? 0 });
    return false;
  };
  const groupId = `${context.options.agency}.lease.${topic}.${partition}`;
  const onJoin = (mine: readonly number[]) => lease.accept(mine);
  const plan = { topic, groupId, handler, places, prepare, assigner: lease.assigner, onJoin };
  return KafkaSubscription.open(() => plan, context);
}

async function subscribeReplay(
  { topic }: Of<'replay'>,
  handler: DeliveryHandler,
  topics: Topics,
  context: SubscriptionContext,
): Promise<KafkaSubscription> {
  const watermarks = await topics.watermarks(topic);
  const progress = new Progress(
    [...watermarks].map(([partition, { low, high }]) => [partition, low === high ? 0 : high]),
  );
  const places: Places = new Map();
  const followed: DeliveryHandler = async (delivery) => {
    await handler(delivery);
    progress.took(delivery.partition, Number(delivery.offset) + 1);
  };
  const nextPlan = () => ({
    topic,
    groupId: `${context.options.agency}.replay.${topic}.${randomUUID()}`,
    handler: followed,
    places,
    prepare: () => holdAgain(topic, places, topics),
    onFetch: (ms: number) => progress.polled(ms),
  });
  return KafkaSubscription.open(nextPlan, context, (closed) => progress.reached(closed));
}
