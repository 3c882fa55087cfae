import { type IHeaders, type KafkaMessage } from 'kafkajs';
import { type Delivery, type DeliveryHandler } from '../broker.js';
import { type Mark, type Place } from './places.js';
import { deliveryOf } from './records.js';

/** Pause before a record that was not taken comes again. */
const AGAIN_MS = 100;
/** Weight of the records waiting beyond which the partition is not fetched any more, and down to which before it is again. */
const FULL = 4 * 1024 * 1024;
const ROOM = FULL / 4;
/** What a record weighs besides its bytes: some 500 small ones make a lane full. And what a header does, however short. */
const [EACH, EACH_HEADER] = [8 * 1024, 128];

/** What a lane does to the fetching of its partition. */
export interface Valve {
  pause(partition: number): void;
  resume(partition: number): void;
  /** Fetches it from its oldest record again; `remade`: because it is another log than the one read so far. */
  rewind(partition: number, remade: boolean): void;
}

/**
 * Records of one partition on their way to the handler, one after the other. Lives beside kafkajs's fetch loop, never in
 * it: while a handler works, heartbeats and other partitions go on, and nothing that it throws reaches the consumer.
 */
export class Lane {
  /** Offset behind the last record taken: what may be committed. */
  taken: number;
  committed: number;
  /** Offset behind the last record received. */
  next: number;
  /** The last record taken; `#proved` when it was seen in this log, or none is expected. */
  #last: Mark | undefined;
  #proved: boolean;
  /** Offset behind the partition's newest record, as of the last fetch. */
  #high = 0;
  /** Since when the first of the records waiting has been the first, in milliseconds of the process. */
  #since = 0;
  /** How many of those waiting are of a log that is no more: they are handed out, and count for no position. */
  #old = 0;
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
    { next, last }: Place,
    private readonly handler: DeliveryHandler,
    private readonly valve: Valve,
    /** Nothing is handed out before: a record of this partition may still be in hand from an earlier assignment. */
    after: Promise<unknown>,
  ) {
    this.taken = this.committed = this.next = next;
    this.#last = last;
    this.#proved = last === undefined;
    this.#busy = true;
    void after.then(() => this.#free());
  }

  /** What is fetched next: the last record taken once more, until it has been found in its place. */
  get from(): number {
    return this.#proved || !this.#last ? this.next : this.#last.offset;
  }

  /** Where the next life of the reader goes on. */
  get place(): Place {
    return { next: this.taken, ...(this.#last && { last: this.#last }) };
  }

  /** Records behind the first one that is not taken, that one included, as of the last fetch. */
  get lag(): number {
    const head = this.#waiting[this.#at];
    return Math.max(0, this.#high - (head ? Number(head.offset) : this.next));
  }

  /** How long the first of the records waiting has been the first, in milliseconds; 0: none waits. */
  get standstillMs(): number {
    return this.#at < this.#waiting.length ? performance.now() - this.#since : 0;
  }

  /**
   * `end` is the offset behind the batch, `high` that behind the partition's newest record. Records received before are
   * left out: after a rebalance a batch may come again. A batch of another log is not taken: that log is read from its
   * beginning.
   */
  push(messages: readonly KafkaMessage[], end: number, high: number): void {
    if (this.#stopped) return;
    this.#high = high;
    const strange = this.#strange(messages[0], high);
    if (strange) return this.#beginAgain(strange === 'remade');
    if (end <= this.next) return;
    if (this.#at === this.#waiting.length) this.#since = performance.now();
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

  /**
   * What makes a batch not the continuation of what was read: the log ends before that, or has another record in the last
   * one's place (`remade`), or the last one's place is empty, as compaction leaves it, and proves nothing (`gone`).
   */
  #strange(first: KafkaMessage | undefined, high: number): 'remade' | 'gone' | undefined {
    if (high < this.next) return 'remade';
    if (this.#proved || !this.#last || !first) return undefined;
    this.#proved = true;
    const offset = Number(first.offset);
    if (offset > this.#last.offset) return 'gone';
    return offset === this.#last.offset && first.timestamp === this.#last.timestamp ? undefined : 'remade';
  }

  /** What waits is handed out all the same: nobody else has it. */
  #beginAgain(remade: boolean): void {
    this.#old = this.#waiting.length - this.#at;
    this.taken = this.committed = this.next = 0;
    this.#last = undefined;
    this.#proved = true;
    this.valve.rewind(this.partition, remade);
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
    if (this.#old > 0) this.#old--;
    else {
      const { offset, timestamp } = message;
      this.#last = { offset: Number(offset), timestamp };
      this.taken = this.#last.offset + 1;
    }
    if (this.#stopped) return;
    this.#since = performance.now();
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

/** All that a stranger can make long: a record need not have a value to be heavy. */
function weightOf({ key, headers, value }: KafkaMessage): number {
  return EACH + (key?.length ?? 0) + headersWeight(headers) + (value?.length ?? 0);
}

function headersWeight(headers: IHeaders = {}): number {
  let weight = 0;
  for (const name in headers) weight += name.length + textWeight(headers[name]);
  return weight;
}

/** One that a stranger repeats under its name is a list. */
function textWeight(text: IHeaders[string]): number {
  if (!Array.isArray(text)) return EACH_HEADER + (text?.length ?? 0);
  return text.reduce((sum, one) => sum + textWeight(one), 0);
}
