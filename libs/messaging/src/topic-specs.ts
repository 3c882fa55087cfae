import { type TopicSpec } from './broker.js';
import { topics } from './topics.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const KIB = 1024;

/**
 * Every topic's partitions, retention, cleanup, size limit and key: the one place that the in-process bus, Kafka and
 * AsyncAPI are made from. Questions outlive their longest deadline (10 minutes) by a minute; reply partitions are the
 * most gateway instances that one agency can run.
 */
export const topicSpecs = {
  request: (provider: string): TopicSpec => ({
    name: topics.request(provider),
    partitions: 12,
    retentionMs: 11 * MINUTE,
    cleanup: 'delete',
    maxMessageBytes: 1024 * KIB,
    key: 'exchange',
  }),
  reply: (requester: string): TopicSpec => ({
    name: topics.reply(requester),
    partitions: 32,
    retentionMs: 11 * MINUTE,
    cleanup: 'delete',
    maxMessageBytes: 4096 * KIB,
    key: 'exchange',
  }),
  tail: (): TopicSpec => ({
    name: topics.tail(),
    partitions: 8,
    retentionMs: 7 * DAY,
    cleanup: 'delete',
    maxMessageBytes: 1024 * KIB,
    key: 'log origin',
  }),
  bundle: (): TopicSpec => ({
    name: topics.bundle(),
    partitions: 1,
    retentionMs: Infinity,
    cleanup: 'compact',
    maxMessageBytes: 1024 * KIB,
    key: 'provider',
  }),
  registry: (): TopicSpec => ({
    name: topics.registry(),
    partitions: 1,
    retentionMs: Infinity,
    cleanup: 'compact',
    maxMessageBytes: 1024 * KIB,
    key: '`registry`',
  }),
  deadLetter: (topic: string): TopicSpec => ({
    name: topics.deadLetter(topic),
    partitions: 1,
    retentionMs: 30 * DAY,
    cleanup: 'delete',
    maxMessageBytes: 16 * KIB,
    key: 'exchange when the message named one, else the topic',
  }),
} as const;

/** All topics of a province: one request topic per provider, one reply topic per requester, the shared ones, and where a server reads, its dead letter. */
export function provinceTopics(province: {
  providers: readonly string[];
  requesters: readonly string[];
}): TopicSpec[] {
  const served = [
    ...province.providers.map(topicSpecs.request),
    topicSpecs.tail(),
    topicSpecs.bundle(),
    topicSpecs.registry(),
  ];
  const replies = province.requesters.map(topicSpecs.reply);
  return [...served, ...replies, ...served.map(({ name }) => topicSpecs.deadLetter(name))];
}
