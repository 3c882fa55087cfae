import kafkajs, { type Producer, type RecordMetadata } from 'kafkajs';
import { Problem } from '#problem';
import { BrokerDown, recordBytes, type OutgoingMessage } from '../broker.js';
import { kafkaOf, RETRY, type KafkaBrokerOptions } from './options.js';
import { problemOf } from './problems.js';
import { batchesOf, missingFrom, partsOf, type Call, type Item } from './outbox-batches.js';
import { recordOf } from './records.js';

const REQUEST_MS = 5_000;
/** Whatever happens inside kafkajs, a publisher hears of it by then. */
const PATIENCE_MS = 5_000;
/** Bytes waiting and under way beyond which publishers are refused. */
const MOST_BYTES = 64 * 1024 * 1024;

/** While requests are under way, what is published waits so many milliseconds for company: a request costs more than a record. */
const LINGER_MS = 4;

/**
 * Collects what is published in one turn of the event loop, or under load in a few milliseconds, and sends it as one request
 * per leader (kafkajs has no linger). `acks=-1`, no idempotence: what is in doubt is sent again, and may then be there twice.
 */
export class Outbox {
  /** Records that the brokers have taken, and that they have not. */
  readonly counts = { sent: 0, failed: 0 };
  readonly #producer: Producer;
  #items: Item[] = [];
  #bytes = 0;
  #scheduled = false;
  /** Set while what waits lingers. */
  #linger: NodeJS.Timeout | undefined;
  readonly #sending = new Set<Promise<void>>();
  #closed = false;

  constructor(options: KafkaBrokerOptions) {
    this.#producer = kafkaOf(options, RETRY.hasty, REQUEST_MS).producer({
      allowAutoTopicCreation: false,
      retry: RETRY.produce,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  /** Sends what is waiting, then leaves. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#flush();
    while (this.#sending.size > 0) await Promise.all(this.#sending);
    await this.#producer.disconnect();
  }

  /** Copies the messages at once. Resolves when all in-sync replicas have them. Errors: those of `Broker.publish`. */
  add(topic: string, partitions: number, messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Problem('shutting-down'));
    if (this.#bytes > MOST_BYTES) return Promise.reject(new Problem('overloaded'));
    if (messages.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const call = { left: messages.length, resolve, reject };
      for (const message of messages) this.#put(topic, partitions, message, call);
      this.#schedule();
    });
  }

  #put(topic: string, partitions: number, message: OutgoingMessage, call: Call): void {
    const partition = message.partition ?? partitionOf(message.key, partitions);
    const bytes = recordBytes(message);
    this.#bytes += bytes;
    this.#items.push({ topic, partition, record: recordOf(message, partition), bytes, call });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#sending.size === 0) setImmediate(() => this.#flush());
    else this.#linger = setTimeout(() => this.#flush(), LINGER_MS);
  }

  #flush(): void {
    this.#scheduled = false;
    clearTimeout(this.#linger);
    this.#linger = undefined;
    const items = this.#items;
    this.#items = [];
    for (const batch of batchesOf(items)) this.#start(batch);
  }

  #start(batch: Item[]): void {
    const sending = this.#deliver(batch).finally(() => {
      for (const { bytes } of batch) this.#bytes -= bytes;
      this.#sending.delete(sending);
      if (this.#linger && this.#sending.size === 0) this.#flush();
    });
    this.#sending.add(sending);
  }

  /** Never rejects. A refusal of one partition's records is not to be the others': each then goes by itself. */
  async #deliver(batch: Item[]): Promise<void> {
    try {
      const lost = missingFrom(await this.#send(batch), batch);
      const sent = lost.length === 0 ? batch : batch.filter((item) => !lost.includes(item));
      this.counts.sent += sent.length;
      for (const { call } of sent) done(call);
      if (lost.length > 0) await this.#deliver(lost);
    } catch (error) {
      const problem = problemOf(error, batch[0]?.topic ?? '');
      if (problem instanceof BrokerDown || batch.length === 1) {
        this.counts.failed += batch.length;
        for (const { call } of batch) call.reject(problem);
      } else await Promise.all(partsOf(batch).map((part) => this.#deliver(part)));
    }
  }

  async #send(batch: Item[]): Promise<RecordMetadata[]> {
    const byTopic = Map.groupBy(batch, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, items]) => ({
      topic,
      messages: items.map(({ record }) => record),
    }));
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(() => timer.reject(new Error('ETIMEDOUT')), PATIENCE_MS);
    try {
      return await Promise.race([this.#producer.sendBatch({ acks: -1, topicMessages }), timer.promise]);
    } finally {
      clearTimeout(timeout);
    }
  }
}

function done(call: Call): void {
  if (--call.left === 0) call.resolve();
}

const partitioner = kafkajs.Partitioners.DefaultPartitioner();
const counted = new Map<number, never[]>();

/** murmur2 of the key, as Kafka's own clients do. */
function partitionOf(key: string, partitions: number): number {
  if (!counted.has(partitions)) counted.set(partitions, Array<never>(partitions));
  return partitioner({
    topic: '',
    partitionMetadata: counted.get(partitions)!,
    message: { key, value: null },
  });
}
