import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { BrokerDown, type DeliveryHandler, type Earlier, type ReaderFigures } from '../broker.js';
import { reportOf } from '../transport-report.js';
import { within } from '../within.js';
import { KafkaSubscription, type SubscriptionContext } from './kafka-subscription.js';
import { Lease } from './lease.js';
import { type Places } from './places.js';
import { lacksCoordinator } from './problems.js';
import { Progress } from './progress.js';
import { type ReaderPlan } from './reader.js';
import { holdAgain } from './sources.js';
import { type Topics } from './topics.js';

/** What there is to read, and how far that has come. */
interface Extent {
  /** Offset behind the last record. */
  end: number;
  places: Places;
  progress: Progress;
}

/** A broker that goes away before the reading has begun: tried again so often, so long after the last time. */
const [TRIES, AGAIN_MS] = [60, 2_000];
/** Longest wait of `close`; a reader that is just joining then leaves as soon as it has. */
const CLOSE_MS = 5_000;

/**
 * Reads what came to a partition before the reader that has it now, beside that one and with a group of its own: what comes
 * now does not queue up behind it. Ends by itself. What it cannot read is told, and is the loss of nobody else.
 */
export class EarlierReading {
  /** Rejects with `shutting-down` when it was closed before its end. */
  readonly done: Promise<void>;
  #subscription: KafkaSubscription | undefined;
  readonly #closed = new AbortController();

  /** Begin it when the other reader's position is fixed: then nothing falls between the two. */
  constructor(
    private readonly place: { topic: string; partition: number; earlier: Earlier },
    private readonly topics: Topics,
    private readonly context: SubscriptionContext,
  ) {
    this.done = this.#run();
    this.done.catch((error: unknown) => {
      if (!this.#closed.signal.aborted) context.report(reportOf('reader-lost', place.topic, error));
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const left = this.#subscription?.close();
    const ended = Promise.all([left, this.done.catch(() => undefined)]);
    if (!(await within(ended, CLOSE_MS))) await this.#subscription?.abandon();
  }

  /** For metrics; undefined until it has begun. */
  figures(): ReaderFigures | undefined {
    return this.#subscription?.figures();
  }

  async #run(): Promise<void> {
    const subscription = await this.#begin();
    if (!subscription) return;
    this.#subscription = subscription;
    try {
      this.#requireOpen();
      await subscription.caughtUp();
    } finally {
      await subscription.close();
    }
  }

  /** Finds out what there is to read and joins; tried again while the broker is away. What has begun keeps itself alive. */
  async #begin(): Promise<KafkaSubscription | undefined> {
    let extent: Extent | 'nothing' | undefined;
    for (let left = TRIES; ; left -= 1) {
      this.#requireOpen();
      try {
        extent ??= await this.#extent();
        return extent === 'nothing' ? undefined : await this.#open(extent);
      } catch (error) {
        if (!mayPass(error) || left <= 1) throw error;
        await sleep(AGAIN_MS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
  }

  async #extent(): Promise<Extent | 'nothing'> {
    const { topic, partition, earlier } = this.place;
    const from = await this.topics.offsetSince(topic, partition, earlier.since);
    const end = (await this.topics.watermarks(topic)).get(partition)?.high ?? 0;
    if (from >= end) return 'nothing';
    return {
      end,
      places: new Map([[partition, { next: from }]]),
      progress: new Progress([[partition, end]]),
    };
  }

  #requireOpen(): void {
    if (this.#closed.signal.aborted) throw new Problem('shutting-down');
  }

  #open({ end, places, progress }: Extent): Promise<KafkaSubscription> {
    const { topic, partition, earlier } = this.place;
    const handler: DeliveryHandler = async (delivery) => {
      this.#requireOpen();
      const offset = Number(delivery.offset);
      progress.handed();
      try {
        if (offset < end) await earlier.handler(delivery);
      } finally {
        progress.released();
      }
      progress.took(partition, offset + 1);
    };
    const nextPlan = (): ReaderPlan => ({
      ...{ topic, handler, places, assigner: new Lease(topic, partition).assigner },
      groupId: `${this.context.options.agency}.earlier.${topic}.${partition}.${randomUUID()}`,
      prepare: () => holdAgain(topic, places, this.topics),
      onFetch: (ms) => progress.polled(ms),
    });
    const context = { ...this.context, fatal: () => undefined };
    return KafkaSubscription.open(nextPlan, context, (closed) => progress.reached(closed));
  }
}

/**
 * A broker that is away, or a group without a coordinator: that is no missing right (kafkajs does not tell them apart), else
 * the other reader, whose group's name begins as this one's, would not read.
 */
function mayPass(error: unknown): boolean {
  return error instanceof BrokerDown || lacksCoordinator(error);
}
