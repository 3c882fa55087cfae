import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { topicProblem, type BrokerSubscription, type ReaderFigures } from '../broker.js';
import { reportOf } from '../transport-report.js';
import { type KafkaBrokerOptions } from './options.js';
import { isMomentary, lacksCoordinator, problemOf } from './problems.js';
import { Reader, type ReaderEvents, type ReaderPlan } from './reader.js';

/** The first group on a fresh broker finds its coordinator loading; kafkajs gives up on that at once. */
const START_MS = 30_000;
const COORDINATOR_MS = 4_000;
const START_PAUSE_MS = 50;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** What a subscription needs of its broker. */
export interface SubscriptionContext {
  options: KafkaBrokerOptions;
  report: (report: ReturnType<typeof reportOf>) => void;
  fatal: (problem: Problem) => void;
}

/** A plan for each life of the reader: a group of its own gets another name, so that it never waits for a dead one. */
export type NextPlan = () => ReaderPlan;

/**
 * Keeps a reader alive: when its consumer crashes, whatever the reason, another one takes over where it stood. Only a
 * lease that is lost and a right that is withdrawn end it, and are told to `fatal`.
 */
export class KafkaSubscription implements BrokerSubscription {
  #reader: Reader;
  #plan: ReaderPlan;
  #restarting: Promise<void> = Promise.resolve();
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;
  #answeredAt = performance.now();
  #restarts = 0;
  #placesLost = 0;
  readonly #events: ReaderEvents = {
    crashed: (error) => {
      this.#restarting = this.#restart(error);
    },
    lost: (step) => this.#lost(step),
    answered: () => {
      this.#answeredAt = performance.now();
    },
  };

  private constructor(
    private readonly nextPlan: NextPlan,
    private readonly context: SubscriptionContext,
    private readonly whenCaughtUp: (closed: AbortSignal) => Promise<void>,
  ) {
    this.#plan = nextPlan();
    this.#reader = this.#newReader();
  }

  /** Resolves when the reader has joined. Errors: those of `Broker.subscribe`. */
  static async open(
    nextPlan: NextPlan,
    context: SubscriptionContext,
    whenCaughtUp: (closed: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ): Promise<KafkaSubscription> {
    const begun = Date.now();
    for (;;) {
      const subscription = new KafkaSubscription(nextPlan, context, whenCaughtUp);
      try {
        await subscription.#reader.start();
        return subscription;
      } catch (error) {
        refuseUnlessMomentary(error, subscription.#plan, Date.now() - begun);
        await sleep(START_PAUSE_MS);
      }
    }
  }

  caughtUp(): Promise<void> {
    return this.whenCaughtUp(this.#closed.signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  figures(): ReaderFigures {
    const lanes = [...this.#reader.lanes.values()];
    return {
      topic: this.#plan.topic,
      lag: lanes.reduce((sum, { lag }) => sum + lag, 0),
      standstillMs: Math.max(0, ...lanes.map(({ standstillMs }) => standstillMs)),
      silentMs: performance.now() - this.#answeredAt,
      restarts: this.#restarts,
      placesLost: this.#placesLost,
    };
  }

  /** Leaves although a handler has not come back: what it has in hand comes again to whoever reads next. */
  async abandon(): Promise<void> {
    await this.#reader.leave();
  }

  async #stop(): Promise<void> {
    this.#closed.abort();
    this.#reader.halt();
    await this.#restarting;
    await this.#reader.stop();
  }

  async #restart(error: unknown): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await this.#reader.stop();
      if (this.#ends(error)) return;
      await sleep(pause, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      if (this.#closed.signal.aborted) return;
      try {
        return await this.#revive();
      } catch (failure) {
        error = failure;
      }
    }
  }

  /** Whether there is to be no other life. Everything is told. */
  #ends(error: unknown): boolean {
    const { topic } = this.#plan;
    if (this.#closed.signal.aborted) return true;
    const problem = problemOf(error, topic);
    const fatal = problem.problem === 'partition-taken' || problem.problem === 'transport-denied';
    this.context.report(reportOf(fatal ? 'reader-lost' : 'reader-restart', topic, problem));
    if (fatal) this.context.fatal(problem);
    else this.#restarts++;
    return fatal;
  }

  #lost(step: Parameters<ReaderEvents['lost']>[0]): void {
    this.#placesLost++;
    const { topic } = this.#plan;
    this.context.report(reportOf(step, topic, topicProblem(topic, 'is not where it was read')));
  }

  async #revive(): Promise<void> {
    for (const [partition, { place }] of this.#reader.lanes) this.#plan.places.set(partition, place);
    this.#plan = this.nextPlan();
    this.#reader = this.#newReader();
    await this.#reader.start();
  }

  #newReader(): Reader {
    return new Reader(this.#plan, this.context.options, this.#events);
  }
}

/** Throws what a start fails with, unless the cluster may be well in a moment. */
function refuseUnlessMomentary(error: unknown, { topic, groupId }: ReaderPlan, ms: number): void {
  if (lacksCoordinator(error)) {
    if (ms < COORDINATOR_MS) return;
    const detail = `group ${groupId}: no right to it (ACL), or the cluster has no coordinator for it`;
    throw new Problem('transport-denied', { field: topic, detail, cause: error });
  }
  if (!isMomentary(error) || ms > START_MS) throw problemOf(error, topic);
}
