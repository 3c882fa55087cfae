import { Problem } from '#problem';
import { type WireMessage } from './message.js';

/** One topic as it must exist: made and checked explicitly at start, never by first use. */
export interface TopicSpec {
  name: string;
  partitions: number;
  /** How long an unread record is kept, in milliseconds; `Infinity` for compacted topics. */
  retentionMs: number;
  /** `compact` keeps the latest record of each key for ever, `delete` keeps all for `retentionMs`. */
  cleanup: 'delete' | 'compact';
  /** Largest record taken: key, headers and value together, in bytes. */
  maxMessageBytes: number;
  /** What the key is, in words (goes into AsyncAPI). */
  key: string;
}

/** A record to publish. Without `partition` the key decides, and one key always has one partition. */
export interface OutgoingMessage extends WireMessage {
  partition?: number;
}

/** A record as a consumer gets it. */
export interface Delivery extends WireMessage {
  topic: string;
  partition: number;
  offset: string;
}

/**
 * Takes one record. When it returns or resolves, the record counts as taken and the next one of its partition comes; a
 * promise is therefore back-pressure. When it throws or rejects, the record was *not* taken and comes again after a
 * pause, to whoever owns the partition then.
 */
export type DeliveryHandler = (delivery: Delivery) => void | Promise<void>;

/**
 * What a consumer reads:
 * - `group`: shares the topic's partitions with the group's other members; a new group begins with the oldest record
 *   kept, a known one where it left off.
 * - `partition`: that partition alone, from the moment `subscribe` resolves, with nobody else (`partition-taken`). What came
 *   to it before that, since `earlier.since`, goes to `earlier.handler`: beside what comes now, so that neither waits for
 *   the other, and some of it perhaps to both.
 * - `replay`: a compacted topic whole, the latest record of every key first, then what follows.
 */
export type Source =
  | { topic: string; group: string }
  | { topic: string; partition: number; earlier?: Earlier }
  | { topic: string; replay: true };

/** What came to a partition before its reader did. */
export interface Earlier {
  /** Milliseconds since the epoch. */
  since: number;
  /** It comes to an end, with `caughtUp`. */
  handler: DeliveryHandler;
}

export interface BrokerSubscription {
  /** `replay`, `earlier`: resolves when all that was there at the start has been taken. Other sources: at once. */
  caughtUp(): Promise<void>;
  /** No record is handed out after this call; resolves when those handed out before are done with. */
  close(): Promise<void>;
}

/** How one topic's readers in this process fare. */
export interface ReaderFigures {
  topic: string;
  /** Records that are not taken yet, all its partitions here together, as of the last fetch of each. */
  lag: number;
  /** How long the record that a handler has in hand, or is to get next, has been that, in milliseconds; 0: none waits. */
  standstillMs: number;
  /** How long ago the brokers last answered its reader, in milliseconds. */
  silentMs: number;
  /** How often a reader was begun anew, since the start of the process. */
  restarts: number;
  /** How often the place where a reader stood was gone from the topic, since the start of the process. */
  placesLost: number;
}

/** How a broker's readers and publishing fare, in numbers. */
export interface BrokerFigures {
  /** One for each topic that is read. */
  readers: ReaderFigures[];
  /** Records that the brokers have taken, and that they have not, since the start of the process. */
  sent: number;
  failed: number;
}

/**
 * What Nest's server and client need of a broker: the in-process bus or Kafka. Errors: an unknown topic or partition, or
 * a topic unlike its spec, is `transport-unavailable` naming it; a broker that does not answer is `BrokerDown` (the one
 * error worth a retry); one that refuses this process is `transport-denied`; a record over the limit is `body-too-large`;
 * no room in time, `overloaded`.
 */
export interface Broker {
  /** Makes the topics that are missing and refuses when one is there with other settings. */
  createTopics(specs: readonly TopicSpec[]): Promise<void>;
  /** Number of partitions of a topic that exists. */
  partitions(topic: string): Promise<number>;
  /** Resolves when the broker has the records. Bytes and headers are copied; the caller's objects stay as they are. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Resolves when the position is fixed: what is published afterwards will be delivered. */
  subscribe(source: Source, handler: DeliveryHandler): Promise<BrokerSubscription>;
  /** For metrics; absent where there is no network to watch. */
  figures?(): BrokerFigures;
  close(): Promise<void>;
}

/** The broker does not answer: the same call may succeed later. Every other refusal stays one. */
export class BrokerDown extends Problem {
  /** `what` is the network's or the broker's word for it, with addresses and codes only. */
  constructor(cause?: unknown, what?: string) {
    const detail = `the broker does not answer${what === undefined ? '' : ` (${what})`}`;
    super('transport-unavailable', { detail, cause });
  }
}

/** A topic that is not there, or not as it should be. `detail` is for people and names settings only. */
export function topicProblem(topic: string, detail: string): Problem {
  return new Problem('transport-unavailable', { field: topic, detail: `topic ${topic}: ${detail}` });
}

/** Bytes of a record as limits count them. */
export function recordBytes({ key, headers, value }: WireMessage): number {
  const pairs = Object.entries(headers).flat();
  return [key, ...pairs].reduce((sum, text) => sum + Buffer.byteLength(text), value.byteLength);
}
