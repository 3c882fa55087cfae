import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import {
  BrokerDown,
  topicProblem,
  type Broker,
  type BrokerSubscription,
  type DeliveryHandler,
  type OutgoingMessage,
  type Source,
  type TopicSpec,
} from '../broker.js';
import { type WireMessage } from '../message.js';
import { BusTopic } from './bus-topic.js';
import { Faults } from './faults.js';
import { type PartitionLog } from './partition-log.js';

export interface InProcessBusOptions {
  /** Records that a partition holds for a slow reader before publishers wait; default 10,000. */
  backlog?: number;
  /** Longest wait of a publisher for room, in milliseconds; then `overloaded`. Default 10,000. */
  publishTimeoutMs?: number;
  /** Keeps a copy of all bytes ever published, for tests that look for what must not be there. Default off. */
  history?: boolean;
  /** Seed of the accidents that `faults` makes. */
  seed?: number;
}

/**
 * A broker in one process: topics are made explicitly, bytes are copied on the way in and out, delivery is never in the
 * caller's turn, groups share partitions, compacted topics replay. It can misbehave on command (`faults`) and be gone
 * for a while (`stop`, `start`). Holds nothing on disk.
 */
export class InProcessBus implements Broker {
  readonly faults: Faults;
  readonly #topics = new Map<string, BusTopic>();
  readonly #history = new Map<string, WireMessage[]>();
  readonly #options: Required<InProcessBusOptions>;
  #up = true;

  constructor(options: InProcessBusOptions = {}) {
    this.#options = { backlog: 10_000, publishTimeoutMs: 10_000, history: false, seed: 1, ...options };
    this.faults = new Faults(this.#options.seed);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    await this.#answer();
    for (const spec of specs) this.#create(spec);
  }

  async partitions(topic: string): Promise<number> {
    await this.#answer();
    return this.#topic(topic).partitions.length;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const copies = messages.map(copyOf);
    await this.#answer();
    const target = this.#topic(topic);
    const placed = copies.map((message) => ({ message, log: target.partitionFor(message) }));
    for (const { message, log } of placed) {
      if (log.full) await this.#room(log);
      this.#put(topic, log, message);
    }
  }

  async subscribe(source: Source, handler: DeliveryHandler): Promise<BrokerSubscription> {
    await this.#answer();
    const topic = this.#topic(source.topic);
    const ready = () => sleep(this.faults.subscribeMs);
    if ('partition' in source) return topic.joinPartition(source.partition, handler, ready, source.earlier);
    await ready();
    return 'group' in source ? topic.joinGroup(source.group, handler) : topic.replay(handler);
  }

  /** All bytes ever published to a topic, lost ones included, in order. Needs the option `history`. */
  history(topic: string): readonly WireMessage[] {
    if (!this.#options.history)
      throw new Error('this bus keeps no history: construct it with { history: true }');
    this.#topic(topic);
    return this.#history.get(topic) ?? [];
  }

  /** Names of the topics there are. */
  get topicNames(): string[] {
    return [...this.#topics.keys()];
  }

  /** The broker is gone: calls fail with `BrokerDown`, nothing is delivered, what was acknowledged stays. */
  stop(): void {
    this.#up = false;
  }

  start(): void {
    this.#up = true;
    for (const topic of this.#topics.values()) topic.wake();
  }

  async close(): Promise<void> {
    this.stop();
    this.faults.clear();
    await turn();
  }

  /** A broker answers in another turn, or not at all. */
  async #answer(): Promise<void> {
    await turn();
    if (!this.#up) throw new BrokerDown();
  }

  #topic(name: string): BusTopic {
    const topic = this.#topics.get(name);
    if (!topic) throw topicProblem(name, 'does not exist');
    return topic;
  }

  #create(spec: TopicSpec): void {
    const there = this.#topics.get(spec.name)?.spec;
    if (!there) {
      this.#topics.set(spec.name, new BusTopic({ ...spec }, this.#options.backlog, () => this.#up));
      return;
    }
    const settings = ['partitions', 'retentionMs', 'cleanup', 'maxMessageBytes'] as const;
    const other = settings.filter((setting) => there[setting] !== spec[setting]);
    if (other.length > 0) throw topicProblem(spec.name, `is there with other ${other.join(', ')}`);
  }

  #put(topic: string, log: PartitionLog, message: WireMessage): void {
    if (this.#options.history) {
      const kept = this.#history.get(topic) ?? [];
      kept.push(copyOf(message));
      this.#history.set(topic, kept);
    }
    this.faults.pass(topic, () => log.append(message));
  }

  async #room(log: PartitionLog): Promise<void> {
    const timeout = new AbortController();
    const late = sleep(this.#options.publishTimeoutMs, 'late', { signal: timeout.signal }).catch(
      () => 'done',
    );
    while (log.full) {
      if ((await Promise.race([log.progress(), late])) === 'late') throw new Problem('overloaded');
    }
    timeout.abort();
    if (!this.#up) throw new BrokerDown();
  }
}

/** Key, headers, value and partition of a message and nothing else of it, in memory of its own. */
function copyOf({ key, headers, value, partition }: OutgoingMessage): OutgoingMessage {
  const copy = { key, headers: { ...headers }, value: Uint8Array.from(value) };
  return partition === undefined ? copy : { ...copy, partition };
}
