import { type TopicSpec } from '../broker.js';

const DAY = 86_400_000;

/** What a topic is on the cluster. */
export interface TopicFound {
  partitions: readonly { replicas: readonly number[] }[];
  settings: ReadonlyMap<string, string>;
}

/**
 * A topic's settings in Kafka's words. Segments are closed as often as records expire: Kafka deletes whole closed
 * segments, so that with its default of a week a sealed question would outlive its eleven minutes by days. Records bear
 * the broker's time: a sender whose clock is behind would otherwise lose them to retention at once. Batches are kept
 * uncompressed: the broker unpacks what a stranger compressed and holds the whole of it against the size limit, before a
 * reader would unpack it in memory (sealed values do not compress anyway).
 */
export function settingsOf(spec: TopicSpec, replication: number): Record<string, string> {
  const { retentionMs, cleanup, maxMessageBytes } = spec;
  return {
    'cleanup.policy': cleanup,
    'retention.ms': Number.isFinite(retentionMs) ? String(retentionMs) : '-1',
    'segment.ms': String(Math.min(retentionMs, DAY)),
    'max.message.bytes': String(maxMessageBytes),
    'message.timestamp.type': 'LogAppendTime',
    'compression.type': 'uncompressed',
    'min.insync.replicas': replication >= 3 ? '2' : '1',
  };
}

/** In words, what is not as the spec says; more partitions or copies than asked for are welcome. */
export function differences(spec: TopicSpec, replication: number, found: TopicFound): string[] {
  const copies = Math.min(...found.partitions.map(({ replicas }) => replicas.length));
  const wrong: string[] = [];
  if (found.partitions.length < spec.partitions) {
    wrong.push(`partitions is ${found.partitions.length}, must be ${spec.partitions} or more`);
  }
  if (copies < replication) wrong.push(`replication is ${copies}, must be ${replication} or more`);
  for (const [name, value] of Object.entries(settingsOf(spec, replication))) {
    const is = found.settings.get(name);
    if (is !== value) wrong.push(`${name} is ${is ?? 'unknown'}, must be ${value}`);
  }
  return wrong;
}
