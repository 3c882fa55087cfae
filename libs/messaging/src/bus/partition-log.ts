import { type TopicSpec } from '../broker.js';
import { type WireMessage } from '../message.js';

/** A record at its place. */
export interface StoredRecord {
  offset: number;
  at: number;
  message: WireMessage;
}

/** Someone who reads a partition: where it stands, and whether anyone is there to take records. */
export interface Reader {
  readonly position: number;
  readonly live: boolean;
  wake(): void;
}

/** One partition: records in order, kept until every known reader has them, the retention ends or the limit is reached. */
export class PartitionLog {
  readonly readers = new Set<Reader>();
  readonly #records = new Map<number, StoredRecord>();
  readonly #offsetOfKey = new Map<string, number>();
  #room: (() => void)[] = [];
  #end = 0;

  constructor(
    readonly index: number,
    private readonly spec: TopicSpec,
    private readonly limit: number,
  ) {}

  /** Offset that the next record will have. */
  get end(): number {
    return this.#end;
  }

  /** Offset of the oldest record kept. */
  get start(): number {
    return this.#records.keys().next().value ?? this.#end;
  }

  append(message: WireMessage): void {
    const record = { offset: this.#end++, at: Date.now(), message };
    this.#records.set(record.offset, record);
    if (this.spec.cleanup === 'compact') this.#compact(message.key, record.offset);
    else this.#expire(record.at);
    for (const reader of this.readers) reader.wake();
  }

  /** The first record at or after `offset`. */
  from(offset: number): StoredRecord | undefined {
    for (let at = Math.max(offset, this.start); at < this.#end; at++) {
      const record = this.#records.get(at);
      if (record) return record;
    }
    return undefined;
  }

  /** Offset of the first record kept that came at that time (milliseconds since the epoch) or later. */
  since(time: number): number {
    for (const { offset, at } of this.#records.values()) if (at >= time) return offset;
    return this.#end;
  }

  /** A reader that is there lags by the whole limit: the publisher has to wait. One that is away does not hold others up. */
  get full(): boolean {
    return [...this.readers].some(({ live, position }) => live && this.#end - position >= this.limit);
  }

  /** Resolves when a reader moved, came or left. */
  async progress(): Promise<void> {
    await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** A reader moved, came or left: forget what all have read, let waiting publishers look again. */
  progressed(): void {
    if (this.spec.cleanup === 'delete' && this.readers.size > 0) {
      this.#dropBefore(Math.min(...[...this.readers].map(({ position }) => position)));
    }
    for (const resolve of this.#room.splice(0)) resolve();
  }

  #compact(key: string, offset: number): void {
    const earlier = this.#offsetOfKey.get(key);
    if (earlier !== undefined) this.#records.delete(earlier);
    this.#offsetOfKey.set(key, offset);
  }

  #expire(now: number): void {
    this.#dropBefore(this.#end - this.limit);
    for (const { offset, at } of this.#records.values()) {
      if (now - at < this.spec.retentionMs) return;
      this.#records.delete(offset);
    }
  }

  #dropBefore(offset: number): void {
    for (const at of this.#records.keys()) {
      if (at >= offset) return;
      this.#records.delete(at);
    }
  }
}
