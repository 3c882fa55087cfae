import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type Delivery } from '../broker.js';
import { type Member } from './member.js';
import { type PartitionLog, type Reader, type StoredRecord } from './partition-log.js';

/** Pause before a record that was not taken comes again. */
const AGAIN_MS = 20;
/** Records handed out in one turn of the event loop before others get theirs. */
const PER_TURN = 64;

/**
 * Walks one partition for one group (or one lone reader), a record at a time, and hands each to the member that owns the
 * partition at that moment: a rebalance moves the partition between two records, never within one.
 */
export class Cursor implements Reader {
  #running = false;

  constructor(
    readonly topic: string,
    readonly log: PartitionLog,
    public position: number,
    private readonly owner: () => Member | undefined,
    private readonly busUp: () => boolean,
    /** Where it ends: what is there or behind it others read. */
    private readonly end = Infinity,
  ) {
    log.readers.add(this);
  }

  /** One that has an end looks back only: nobody waits for it. */
  get live(): boolean {
    return this.end === Infinity && this.owner() !== undefined;
  }

  /** Whether it has taken all that there is for it. */
  get done(): boolean {
    return this.#next() === undefined;
  }

  /** Records are due, or somebody is there now to take them. Never delivers in the caller's turn. */
  wake(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  /** Leaves the partition for good. */
  leave(): void {
    this.log.readers.delete(this);
    this.log.progressed();
  }

  async #run(): Promise<void> {
    await turn();
    for (let count = 1; await this.#step(); count++) {
      if (count % PER_TURN === 0) await turn();
    }
  }

  /** False when there is nothing to do; whoever changes that calls `wake`, hence no await between the look and the flag. */
  async #step(): Promise<boolean> {
    const record = this.#next();
    const owner = this.owner();
    if (!record || !owner || !this.busUp()) {
      this.#running = false;
      return false;
    }
    if (await owner.take(this.#deliveryOf(record))) {
      this.position = record.offset + 1;
      this.log.progressed();
    } else await sleep(AGAIN_MS);
    return true;
  }

  #next(): StoredRecord | undefined {
    const record = this.log.from(this.position);
    return record && record.offset < this.end ? record : undefined;
  }

  /** Each delivery is a copy of its own: what one consumer does to it no other sees. */
  #deliveryOf({ offset, message }: StoredRecord): Delivery {
    return {
      topic: this.topic,
      partition: this.log.index,
      offset: String(offset),
      key: message.key,
      headers: { ...message.headers },
      value: Uint8Array.from(message.value),
    };
  }
}
