import {
  topicProblem,
  type Broker,
  type BrokerFigures,
  type BrokerSubscription,
  type DeliveryHandler,
  type OutgoingMessage,
  type ReaderFigures,
  type Source,
  type TopicSpec,
} from '../broker.js';
import { Problem } from '#problem';
import { reportToNest } from '../transport-report.js';
import { EarlierReading } from './earlier-reading.js';
import { type KafkaSubscription, type SubscriptionContext } from './kafka-subscription.js';
import { type KafkaBrokerOptions } from './options.js';
import { Outbox } from './outbox.js';
import { problemOf } from './problems.js';
import { subscribeTo } from './sources.js';
import { Topics, type TopicState } from './topics.js';
import { within } from '../within.js';

const DRAIN_MS = 5_000;

/**
 * Connects to a Kafka cluster. Errors, all within seconds: `BrokerDown` naming the addresses when nobody answers there,
 * `transport-denied` for a wrong user or password (`sasl`) or an untrusted certificate (`ssl.ca`).
 */
export async function openKafkaBroker(options: KafkaBrokerOptions): Promise<KafkaBroker> {
  const broker = new KafkaBroker(options);
  try {
    await broker.connect();
    return broker;
  } catch (error) {
    await broker.close();
    throw error;
  }
}

/**
 * The transport's broker on Apache Kafka, through kafkajs. What it promises is in `Broker`; records may arrive more than
 * once (an outage, a rebalance, a member killed), never out of their partition's order.
 */
export class KafkaBroker implements Broker {
  readonly #topics: Topics;
  readonly #outbox: Outbox;
  readonly #context: SubscriptionContext;
  readonly #subscriptions = new Set<KafkaSubscription>();
  readonly #earlier = new Set<EarlierReading>();
  #closing: Promise<void> | undefined;

  constructor(private readonly options: KafkaBrokerOptions) {
    this.#topics = new Topics(options);
    this.#outbox = new Outbox(options);
    this.#context = {
      options,
      report: options.report ?? reportToNest,
      fatal: options.onFatal ?? ((problem) => void setImmediate(() => raise(problem))),
    };
  }

  async connect(): Promise<void> {
    try {
      await this.#topics.connect();
      await this.#outbox.connect();
    } catch (error) {
      throw problemOf(error, '');
    }
  }

  createTopics(specs: readonly TopicSpec[]): Promise<void> {
    return this.#topics.create(specs);
  }

  /** Holds topics against their specs and changes nothing: what an operator looks at. Errors: those of `problemOf`. */
  inspectTopics(specs: readonly TopicSpec[]): Promise<TopicState[]> {
    return this.#topics.inspect(specs);
  }

  partitions(topic: string): Promise<number> {
    return this.#topics.partitions(topic);
  }

  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const known = this.#topics.known(topic);
    if (known !== undefined) return this.#put(topic, known, messages);
    const copies = messages.map((message) => ({
      ...message,
      headers: { ...message.headers },
      value: Uint8Array.from(message.value),
    }));
    return this.#topics.partitions(topic).then((partitions) => this.#put(topic, partitions, copies));
  }

  async subscribe(source: Source, handler: DeliveryHandler): Promise<BrokerSubscription> {
    if (this.#closing) throw new Problem('shutting-down');
    const subscription = await subscribeTo(source, handler, this.#topics, this.#context);
    this.#subscriptions.add(subscription);
    const earlier = this.#readEarlier(source);
    return {
      caughtUp: () => earlier?.done ?? subscription.caughtUp(),
      close: async () => {
        await Promise.all([earlier?.close(), subscription.close()]);
        this.#subscriptions.delete(subscription);
      },
    };
  }

  figures(): BrokerFigures {
    const each = [...this.#subscriptions, ...this.#earlier].flatMap((reading) => reading.figures() ?? []);
    const readers = [...Map.groupBy(each, ({ topic }) => topic).values()].map((same) =>
      same.reduce(together),
    );
    return { readers, ...this.#outbox.counts };
  }

  /** Waits for handlers and records under way, at most some 10 s. */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  #put(topic: string, partitions: number, messages: readonly OutgoingMessage[]): Promise<void> {
    const outside = messages.find(({ partition }) => partition !== undefined && partition >= partitions);
    if (outside) return Promise.reject(topicProblem(topic, `has no partition ${outside.partition}`));
    return this.#outbox.add(topic, partitions, messages);
  }

  #readEarlier(source: Source): EarlierReading | undefined {
    if (!('partition' in source) || !source.earlier) return undefined;
    const reading = new EarlierReading({ ...source, earlier: source.earlier }, this.#topics, this.#context);
    this.#earlier.add(reading);
    const forget = () => void this.#earlier.delete(reading);
    reading.done.then(forget, forget);
    return reading;
  }

  async #stop(): Promise<void> {
    const open = [...this.#subscriptions];
    const closed = Promise.all([...open, ...this.#earlier].map((reading) => reading.close()));
    if (!(await within(closed, DRAIN_MS)))
      await Promise.all(open.map((subscription) => subscription.abandon()));
    await Promise.allSettled([this.#outbox.close(), this.#topics.close()]);
  }
}

/** Two readers of one topic as one. */
function together(one: ReaderFigures, other: ReaderFigures): ReaderFigures {
  return {
    topic: one.topic,
    lag: one.lag + other.lag,
    standstillMs: Math.max(one.standstillMs, other.standstillMs),
    silentMs: Math.max(one.silentMs, other.silentMs),
    restarts: one.restarts + other.restarts,
    placesLost: one.placesLost + other.placesLost,
  };
}

function raise(problem: Problem): never {
  throw problem;
}
