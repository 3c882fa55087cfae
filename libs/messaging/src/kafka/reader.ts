import {
  type Consumer,
  type ConsumerGroupJoinEvent,
  type EachBatchPayload,
  type LogEntry,
  type PartitionAssigner,
} from 'kafkajs';
import { type DeliveryHandler } from '../broker.js';
import { Lane, type Valve } from './lane.js';
import { kafkaOf, RETRY, type KafkaBrokerOptions } from './options.js';
import { START, type Places } from './places.js';

/** Long polls end after this; close and a rebalance wait for one. Latency does not depend on it. */
export const MAX_WAIT_MS = 100;
const HEARTBEAT_MS = 500;
/** A member that was killed holds its partitions this long: the least that a broker allows by default. */
const SESSION_MS = 6_000;
/** A member that does not take part in a rebalance for this long is out: how long a restart after kill -9 waits. */
const REBALANCE_MS = 2_500;
const REQUEST_MS = 5_000;
const COMMIT_MS = 1_000;
/** kafkajs tells it nowhere else: where a partition was to be read from is not in it. It goes on with the oldest record. */
const OUT_OF_RANGE = 'Offset out of range, resetting to default offset';

export interface ReaderPlan {
  topic: string;
  groupId: string;
  handler: DeliveryHandler;
  assigner?: PartitionAssigner;
  /** Its group's commits say where to begin; a reader that shares with nobody has `places` for that. */
  commits?: true;
  /** How far earlier lives came. */
  places: Places;
  /** Called before each life, while its consumer connects: looks `places` up, or holds them against the topic; true when it was made anew. */
  prepare?: () => Promise<boolean>;
  /** Called after each join with the partitions that are ours; throws to give up. */
  onJoin?: (partitions: readonly number[]) => void;
  /** Called after each fetch with how long it took, in milliseconds. */
  onFetch?: (ms: number) => void;
}

/** What a reader tells of itself. */
export interface ReaderEvents {
  crashed(error: unknown): void;
  /** A place was not in the topic any more. */
  lost(step: 'topic-remade' | 'position-lost'): void;
  /** The brokers answered something. */
  answered(): void;
}

/**
 * One life of a kafkajs consumer: joins, feeds one lane for each partition, commits what was taken, ends with `stop` or
 * with a crash. Public API only, and nothing is thrown into it: a TypeError in `eachBatch` stops a consumer for good.
 */
export class Reader {
  readonly lanes = new Map<number, Lane>();
  readonly #consumer: Consumer;
  readonly #valve: Valve;
  #commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  #committing: NodeJS.Timeout | undefined;
  #memberId: string | undefined;
  #state: 'new' | 'running' | 'stopping' | 'crashed' = 'new';
  #revoked: Promise<unknown> = Promise.resolve();
  #failed: (error: unknown) => void = () => undefined;

  constructor(
    private readonly plan: ReaderPlan,
    options: KafkaBrokerOptions,
    private readonly events: ReaderEvents,
  ) {
    const onError = ({ log }: LogEntry) => {
      if (log.message === OUT_OF_RANGE) events.lost('position-lost');
    };
    this.#consumer = kafkaOf(options, RETRY.patient, REQUEST_MS, onError).consumer({
      groupId: plan.groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: MAX_WAIT_MS,
      minBytes: 1,
      heartbeatInterval: HEARTBEAT_MS,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      retry: RETRY.consume,
      ...(plan.assigner && { partitionAssigners: [plan.assigner] }),
    });
    this.#valve = valveOf(this.#consumer, plan.topic, events);
  }

  /** Resolves when partitions are assigned. Whatever it rejects with, the consumer has left. */
  async start(): Promise<void> {
    try {
      await both(this.#connect(), this.#prepare());
      await this.#join();
    } catch (error) {
      this.#state = 'crashed';
      this.halt();
      await this.#consumer.disconnect().catch(() => undefined);
      throw error;
    }
    this.#committing = setInterval(() => void this.commit(), COMMIT_MS).unref();
  }

  /** Hands out nothing more, waits for what is in hand, commits it and leaves the group. */
  async stop(): Promise<void> {
    this.halt();
    await this.#idle();
    if (this.#state !== 'crashed') await this.commit();
    await this.leave();
  }

  /** Leaves the group, whatever is in hand. */
  async leave(): Promise<void> {
    await this.#consumer.disconnect().catch(() => undefined);
  }

  /** Hands out nothing more. */
  halt(): void {
    if (this.#state !== 'crashed') this.#state = 'stopping';
    clearInterval(this.#committing);
    for (const lane of this.lanes.values()) lane.stop();
  }

  /** Resolves when no record is in hand, of partitions that went to others neither. */
  async #idle(): Promise<void> {
    await Promise.all([this.#revoked, ...[...this.lanes.values()].map((lane) => lane.idle())]);
  }

  /**
   * Commits what was taken. Not by `consumer.commitOffsets`: that one repeats a commit after a rebalance, when another
   * member may be further. Failure: it stays due for the next time.
   */
  async commit(): Promise<void> {
    const due = [...this.lanes.values()].filter(({ taken, committed }) => taken > committed);
    if (!this.plan.commits || !this.#commit || due.length === 0) return;
    const marks = due.map((lane) => ({ lane, taken: lane.taken }));
    const partitions = marks.map(({ lane, taken }) => ({ partition: lane.partition, offset: String(taken) }));
    try {
      await this.#commit({ topics: [{ topic: this.plan.topic, partitions }] });
      for (const { lane, taken } of marks) lane.committed = Math.min(taken, lane.taken); // less: begun again meanwhile
    } catch {
      // A rebalance or an outage: who reads next begins where the last commit stands, and gets these again.
    }
  }

  async #connect(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [this.plan.topic], fromBeginning: true });
  }

  async #prepare(): Promise<void> {
    if (await this.plan.prepare?.()) this.events.lost('topic-remade');
  }

  /** `run` resolves although joining failed: only the events tell. */
  async #join(): Promise<void> {
    const { GROUP_JOIN, CRASH, REBALANCING, REQUEST, FETCH } = this.#consumer.events;
    const { onFetch } = this.plan;
    this.#consumer.on(REQUEST, () => this.events.answered());
    if (onFetch) this.#consumer.on(FETCH, ({ payload }) => onFetch(payload.duration));
    this.#consumer.on(REBALANCING, () => void this.commit());
    this.#consumer.on(CRASH, ({ payload }) => this.#crashed(payload.error));
    const joined = new Promise<void>((resolve, reject) => {
      this.#failed = reject;
      this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#joined(payload, resolve));
    });
    const eachBatch = (payload: EachBatchPayload) => this.#feed(payload);
    const run = this.#consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
    await both(joined, run);
  }

  #joined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload'], done: () => void): void {
    const mine = memberAssignment[this.plan.topic] ?? [];
    try {
      this.#revoke(memberId, mine);
      this.plan.onJoin?.(mine);
      for (const partition of mine) this.#assign(partition);
      if (this.#state === 'new') this.#state = 'running';
      done();
    } catch (error) {
      this.#crashed(error);
    }
  }

  /** With another member id we were out of the group in between: others may be further in what was ours. */
  #revoke(memberId: string, mine: readonly number[]): void {
    const stayed = memberId === this.#memberId || !this.plan.commits;
    this.#memberId = memberId;
    for (const [partition, lane] of this.lanes) {
      if (stayed && mine.includes(partition)) continue;
      lane.stop();
      this.lanes.delete(partition);
      this.#revoked = Promise.all([this.#revoked, lane.idle()]);
    }
  }

  /** After a join kafkajs goes back to what is committed, and without that to the topic's beginning: it is told where to go on. */
  #assign(partition: number): void {
    const { topic, handler, commits, places } = this.plan;
    const known = this.lanes.get(partition);
    const place = commits ? undefined : places.get(partition);
    const lane = known ?? new Lane(topic, partition, place ?? START, handler, this.#valve, this.#revoked);
    this.lanes.set(partition, lane);
    if (lane.paused) this.#valve.pause(partition);
    if (lane.from > 0 || (place && !known)) {
      this.#consumer.seek({ topic, partition, offset: String(lane.from) });
    }
  }

  #feed(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    this.#commit = (offsets) => payload.commitOffsetsIfNecessary(offsets);
    const lane = this.lanes.get(batch.partition);
    if (lane && this.#state === 'running') {
      const last = batch.lastOffset();
      payload.resolveOffset(last);
      lane.push(batch.messages, Number(last) + 1, Number(batch.highWatermark));
    }
    return DONE;
  }

  #crashed(error: unknown): void {
    const before = this.#state;
    if (before === 'stopping' || before === 'crashed') return;
    this.#state = 'crashed';
    this.halt();
    this.#failed(error);
    if (before === 'running') this.events.crashed(error);
  }
}

const DONE = Promise.resolve();

/**
 * Both, and what the first that failed failed with, but not before the other has ended: a consumer that is told to
 * disconnect while it connects or joins goes on with it, and stays.
 */
async function both(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  await Promise.allSettled([one, other]);
  await Promise.all([one, other]);
}

/** Pausing a consumer that has crashed throws: there is nothing left to pause. */
function valveOf(consumer: Consumer, topic: string, events: ReaderEvents): Valve {
  const quietly = (act: () => void) => {
    try {
      act();
    } catch {
      // No group any more: the reader is on its way out.
    }
  };
  return {
    pause: (partition) => quietly(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (partition) => quietly(() => consumer.resume([{ topic, partitions: [partition] }])),
    rewind: (partition, remade) => {
      quietly(() => consumer.seek({ topic, partition, offset: '0' }));
      if (remade) events.lost('topic-remade');
    },
  };
}
