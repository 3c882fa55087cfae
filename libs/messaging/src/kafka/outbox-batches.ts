import { type Message, type RecordMetadata } from 'kafkajs';
import { type Problem } from '#problem';

/** Bytes of one partition in one request: Kafka's limit holds for the batch, not for each record. */
export const BATCH_BYTES = 768 * 1024;

/** One call of `add`: settled when all its records are. */
export interface Call {
  left: number;
  resolve: () => void;
  reject: (problem: Problem) => void;
}

/** One record on its way. */
export interface Item {
  topic: string;
  partition: number;
  record: Message;
  bytes: number;
  call: Call;
}

const place = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

/** Cuts where a partition's records would become more than one batch may hold. */
export function batchesOf(items: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  let sizes = new Map<string, number>();
  for (const item of items) {
    const size = (sizes.get(place(item)) ?? 0) + item.bytes;
    if (batches.length === 0 || (size > BATCH_BYTES && sizes.has(place(item)))) {
      batches.push([]);
      sizes = new Map();
    }
    batches.at(-1)!.push(item);
    sizes.set(place(item), (sizes.get(place(item)) ?? 0) + item.bytes);
  }
  return batches;
}

/** By partition; a single partition's records in halves. */
export function partsOf(batch: Item[]): Item[][] {
  const byPlace = [...Map.groupBy(batch, place).values()];
  if (byPlace.length > 1) return byPlace;
  const half = Math.ceil(batch.length / 2);
  return [batch.slice(0, half), batch.slice(half)];
}

/**
 * Records that no broker acknowledged. When a leader dies, kafkajs sends its partitions again, but not to a broker that
 * has answered for others in the same call, and then reports success.
 */
export function missingFrom(acknowledged: readonly RecordMetadata[], batch: Item[]): Item[] {
  const places = new Set(
    acknowledged.map(({ topicName, partition }) => place({ topic: topicName, partition })),
  );
  return batch.filter((item) => !places.has(place(item)));
}
