import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { BrokerDown, topicProblem, type TopicSpec } from '../broker.js';
import { AdminLine } from './admin-line.js';
import { type KafkaBrokerOptions } from './options.js';
import { differences, settingsOf, type TopicFound } from './topic-settings.js';

const CREATE_MS = 30_000;

const APPEAR_TRIES = 100;
const APPEAR_MS = 50;

export interface Watermarks {
  /** Offset of the oldest record kept. */
  low: number;
  /** Offset behind the newest record. */
  high: number;
}

/** How a topic stands against its spec. */
export interface TopicState {
  topic: string;
  /** 0: it does not exist. */
  partitions: number;
  /** What is not as it must be, in words without data; empty = all is well. */
  faults: string[];
}

/** Topics of the cluster: made, checked, counted. */
export class Topics {
  readonly #admin: AdminLine;
  readonly #partitions = new Map<string, number>();
  readonly #replication: number;

  constructor(options: KafkaBrokerOptions) {
    this.#admin = new AdminLine(options);
    this.#replication = options.replication ?? 1;
  }

  connect(): Promise<void> {
    return this.#admin.connect();
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  /** Makes what is missing, then checks every topic: another process may have made it, or an operator changed it. */
  async create(specs: readonly TopicSpec[]): Promise<void> {
    const there = await this.#admin.ask('', (admin) => admin.listTopics());
    const missing = specs.filter(({ name }) => !there.includes(name));
    if (missing.length > 0) {
      await this.#make(missing);
      await this.#opened(missing);
    }
    await this.#check(specs);
  }

  /** Holds topics against their specs and changes nothing; in the order of the specs. */
  async inspect(specs: readonly TopicSpec[]): Promise<TopicState[]> {
    const there = await this.#admin.ask('', (admin) => admin.listTopics());
    const names = specs.map(({ name }) => name).filter((name) => there.includes(name));
    const found = await this.#read(names);
    return specs.map((spec) => {
      const topic = found.get(spec.name);
      const faults = topic ? differences(spec, this.#replication, topic) : ['does not exist'];
      return { topic: spec.name, partitions: topic?.partitions.length ?? 0, faults };
    });
  }

  /** Number of partitions, remembered: it changes only upwards, and then one key keeps its place until the next start. */
  async partitions(topic: string): Promise<number> {
    return this.#partitions.get(topic) ?? (await this.#count(topic));
  }

  /** The number if it is known already: publishing needs no turn of the event loop for it. */
  known(topic: string): number | undefined {
    return this.#partitions.get(topic);
  }

  async watermarks(topic: string): Promise<Map<number, Watermarks>> {
    const offsets = await this.#admin.ask(topic, (admin) => admin.fetchTopicOffsets(topic));
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
    );
  }

  /** Offset of a partition's first record of that time (milliseconds since the epoch) or later; behind its newest one if there is none. */
  async offsetSince(topic: string, partition: number, time: number): Promise<number> {
    const offsets = await this.#admin.ask(topic, (admin) => admin.fetchTopicOffsetsByTimestamp(topic, time));
    const found = offsets.find((one) => one.partition === partition);
    if (!found) throw topicProblem(topic, `has no partition ${partition}`);
    return Number(found.offset);
  }

  async #count(topic: string): Promise<number> {
    const { topics } = await this.#admin.ask(topic, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    const count = topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (count === 0) throw topicProblem(topic, 'does not exist');
    this.#partitions.set(topic, count);
    return count;
  }

  async #make(specs: readonly TopicSpec[]): Promise<void> {
    const topics = specs.map((spec) => ({
      topic: spec.name,
      numPartitions: spec.partitions,
      replicationFactor: this.#replication,
      configEntries: Object.entries(settingsOf(spec, this.#replication)).map(([name, value]) => ({
        name,
        value,
      })),
    }));
    const all = specs.map(({ name }) => name).join(', ');
    await this.#admin.ask(all, (admin) =>
      admin.createTopics({ topics, timeout: CREATE_MS, waitForLeaders: false }),
    );
  }

  /** The controller has made them; the brokers take a moment to hear of it and to open their partitions. */
  async #opened(specs: readonly TopicSpec[]): Promise<void> {
    const names = specs.map(({ name }) => name);
    for (let tries = 0; ; tries++) {
      const there = await this.#admin.ask('', (admin) => admin.listTopics());
      if (names.every((name) => there.includes(name))) break;
      if (tries === APPEAR_TRIES) throw topicProblem(names.join(', '), 'was made and does not appear');
      await sleep(APPEAR_MS);
    }
    const until = Date.now() + CREATE_MS;
    for (const name of names) await this.#led(name, until);
  }

  /** Waits until each partition has its leader: a broker that is busy takes longer over many than an ask is patient. */
  async #led(name: string, until: number): Promise<void> {
    for (;;) {
      try {
        await this.watermarks(name);
        return;
      } catch (error) {
        if (!(error instanceof BrokerDown) || Date.now() > until) throw error;
      }
    }
  }

  async #check(specs: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions, faults } of await this.inspect(specs)) {
      if (faults.length > 0) throw topicProblem(topic, faults.join('; '));
      this.#partitions.set(topic, partitions);
    }
  }

  async #read(names: readonly string[]): Promise<Map<string, TopicFound>> {
    if (names.length === 0) return new Map();
    const all = names.join(', ');
    const { topics } = await this.#admin.ask(all, (admin) =>
      admin.fetchTopicMetadata({ topics: [...names] }),
    );
    const resources = names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name }));
    const configs = await this.#admin.ask(all, (admin) =>
      admin.describeConfigs({ resources, includeSynonyms: false }),
    );
    const settings = new Map(
      configs.resources.map(({ resourceName, configEntries }) => [
        resourceName,
        new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      ]),
    );
    return new Map(
      topics.map(({ name, partitions }) => [
        name,
        { partitions, settings: settings.get(name) ?? new Map<string, string>() },
      ]),
    );
  }
}
