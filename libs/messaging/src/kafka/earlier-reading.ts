import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { BrokerDown, type DeliveryHandler, type Earlier } from '../broker.js';
import { reportOf } from '../transport-report.js';
import { within } from '../within.js';
import { KafkaSubscription, type SubscriptionContext } from './kafka-subscription.js';
import { Lease } from './lease.js';
import { type Places } from './places.js';
import { Progress } from './progress.js';
import { type ReaderPlan } from './reader.js';
import { holdAgain } from './sources.js';
import { type Topics } from './topics.js';

/** From the first offset to that behind the last. */
interface Extent {
  from: number;
  end: number;
  progress: Progress;
}

/** A broker that went away at the start: asked again so often, so long after the last time. */
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

  async #run(): Promise<void> {
    const begun = await this.#begin();
    if (!begun) return;
    const subscription = await this.#open(begun);
    this.#subscription = subscription;
    try {
      this.#requireOpen();
      await subscription.caughtUp();
    } finally {
      await subscription.close();
    }
  }

  /** What there is to read; asked again while the broker is away. */
  async #begin(): Promise<Extent | undefined> {
    for (let left = TRIES; ; left -= 1) {
      this.#requireOpen();
      try {
        return await this.#extent();
      } catch (error) {
        if (!(error instanceof BrokerDown) || left <= 1) throw error;
        await sleep(AGAIN_MS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
  }

  async #extent(): Promise<Extent | undefined> {
    const { topic, partition, earlier } = this.place;
    const from = await this.topics.offsetSince(topic, partition, earlier.since);
    const end = (await this.topics.watermarks(topic)).get(partition)?.high ?? 0;
    return from < end ? { from, end, progress: new Progress([[partition, end]]) } : undefined;
  }

  #requireOpen(): void {
    if (this.#closed.signal.aborted) throw new Problem('shutting-down');
  }

  #open({ from, end, progress }: Extent): Promise<KafkaSubscription> {
    const { topic, partition, earlier } = this.place;
    const places: Places = new Map([[partition, { next: from }]]);
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
