import { type KafkaMessage } from 'kafkajs';
import { type Delivery, type DeliveryHandler } from '../broker.js';
import { deliveryOf } from './records.js';

/** Pause before a record that was not taken comes again. */
const AGAIN_MS = 100;
/** Weight of the records waiting beyond which the partition is not fetched any more, and down to which before it is again. */
const FULL = 4 * 1024 * 1024;
const ROOM = FULL / 4;
/** What a record weighs besides its bytes: some 500 small ones make a lane full. */
const EACH = 8 * 1024;

/** Stops and resumes fetching of a lane's partition. */
export interface Valve {
  pause(partition: number): void;
  resume(partition: number): void;
}

/**
 * Records of one partition on their way to the handler, one after the other. Lives beside kafkajs's fetch loop, never in
 * it: while a handler works, heartbeats and other partitions go on, and nothing that it throws reaches the consumer.
 */
export class Lane {
  /** Offset behind the last record taken: what may be committed. */
  taken: number;
  committed: number;
  /** Offset behind the last record received: what is fetched next. */
  next: number;
  #waiting: KafkaMessage[] = [];
  #at = 0;
  #weight = 0;
  #busy = false;
  #paused = false;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(
    private readonly topic: string,
    readonly partition: number,
    from: number,
    private readonly handler: DeliveryHandler,
    private readonly valve: Valve,
    /** Nothing is handed out before: a record of this partition may still be in hand from an earlier assignment. */
    after: Promise<unknown>,
  ) {
    this.taken = this.committed = this.next = from;
    this.#busy = true;
    void after.then(() => this.#free());
  }

  /** `end` is the offset behind the batch. Records received before are left out: after a rebalance a batch may come again. */
  push(messages: readonly KafkaMessage[], end: number): void {
    if (this.#stopped || end <= this.next) return;
    const first = messages[0];
    const fresh = first && Number(first.offset) < this.next ? this.#unseen(messages) : messages;
    this.#waiting =
      this.#at === this.#waiting.length ? [...fresh] : this.#waiting.slice(this.#at).concat(fresh);
    this.#at = 0;
    this.next = end;
    for (const message of fresh) this.#weight += weightOf(message);
    this.#run();
    if (this.#weight > FULL) this.#pause();
  }

  /** Whether its partition is not to be fetched; a rebalance forgets it. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Nothing is handed out any more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    this.#at = 0;
  }

  /** Resolves when no record is in hand. */
  async idle(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #unseen(messages: readonly KafkaMessage[]): KafkaMessage[] {
    return messages.filter(({ offset }) => Number(offset) >= this.next);
  }

  /** Without a promise as long as the handler needs none. */
  #run(): void {
    while (!this.#busy && !this.#stopped && this.#at < this.#waiting.length) {
      const message = this.#waiting[this.#at]!;
      const work = this.#hand(deliveryOf(this.topic, this.partition, message));
      if (work === undefined) this.#took(message);
      else this.#wait(work, message);
    }
    if (!this.#busy && !this.#stopped) this.taken = this.next;
  }

  #hand(delivery: Delivery): Promise<void> | undefined {
    try {
      return this.handler(delivery) ?? undefined;
    } catch (error) {
      return Promise.reject(new Error('not taken', { cause: error }));
    }
  }

  #wait(work: Promise<void>, message: KafkaMessage): void {
    this.#busy = true;
    work.then(
      () => this.#done(message),
      () => (this.#stopped ? this.#free() : void setTimeout(() => this.#free(), AGAIN_MS)),
    );
  }

  #done(message: KafkaMessage): void {
    this.#took(message);
    this.#free();
  }

  #free(): void {
    this.#busy = false;
    for (const resolve of this.#idle.splice(0)) resolve();
    this.#run();
  }

  #took(message: KafkaMessage): void {
    this.taken = Number(message.offset) + 1;
    if (this.#stopped) return;
    this.#at++;
    this.#weight -= weightOf(message);
    if (this.#paused && this.#weight <= ROOM) this.#resume();
  }

  #pause(): void {
    if (!this.#paused) this.valve.pause(this.partition);
    this.#paused = true;
  }

  #resume(): void {
    this.#paused = false;
    this.valve.resume(this.partition);
  }
}

function weightOf({ value }: KafkaMessage): number {
  return EACH + (value?.length ?? 0);
}
