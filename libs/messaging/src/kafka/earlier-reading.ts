import { randomUUID } from 'node:crypto';
import { Problem } from '#problem';
import { type DeliveryHandler, type Earlier } from '../broker.js';
import { reportOf } from '../transport-report.js';
import { KafkaSubscription, type SubscriptionContext } from './kafka-subscription.js';
import { Lease } from './lease.js';
import { type Places } from './places.js';
import { Progress } from './progress.js';
import { type ReaderPlan } from './reader.js';
import { holdAgain } from './sources.js';
import { type Topics } from './topics.js';

/**
 * Reads what came to a partition before the reader that has it now, beside that one and with a group of its own: what comes
 * now does not queue up behind it. Ends by itself. What it cannot read is told, and is the loss of nobody else.
 */
export class EarlierReading {
  /** Rejects with `shutting-down` when it was closed before its end. */
  readonly done: Promise<void>;
  #subscription: KafkaSubscription | undefined;
  #closed = false;

  /** Begin it when the other reader's position is fixed: then nothing falls between the two. */
  constructor(
    private readonly place: { topic: string; partition: number; earlier: Earlier },
    private readonly topics: Topics,
    private readonly context: SubscriptionContext,
  ) {
    this.done = this.#run();
    this.done.catch((error: unknown) => {
      if (!this.#closed) context.report(reportOf('reader-lost', place.topic, error));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#subscription?.close();
    await this.done.catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { topic, partition, earlier } = this.place;
    const from = await this.topics.offsetSince(topic, partition, earlier.since);
    const end = (await this.topics.watermarks(topic)).get(partition)?.high ?? 0;
    if (from >= end || this.#closed) return;
    const progress = new Progress([[partition, end]]);
    const subscription = await this.#open(from, end, progress);
    this.#subscription = subscription;
    try {
      if (this.#closed) throw new Problem('shutting-down');
      await subscription.caughtUp();
    } finally {
      await subscription.close();
    }
  }

  #open(from: number, end: number, progress: Progress): Promise<KafkaSubscription> {
    const { topic, partition, earlier } = this.place;
    const places: Places = new Map([[partition, { next: from }]]);
    const handler: DeliveryHandler = async (delivery) => {
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
