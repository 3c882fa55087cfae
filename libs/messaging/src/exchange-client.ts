import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Problem } from '#problem';
import { type Broker, type BrokerSubscription, type Delivery } from './broker.js';
import {
  HEADER,
  parseEventHeaders,
  parseQuestionHeaders,
  parseReplyHeaders,
  type ReplyHeaders,
} from './headers.js';
import { type WireMessage } from './message.js';
import { PendingReplies } from './pending-replies.js';
import { Question, type CheckedQuestion, type QuestionOptions } from './question.js';
import { isWireMessage } from './reply.js';
import { continueTrace } from './traceparent.js';
import { reportOf, reportToNest, type Report } from './transport-report.js';
import { within } from './within.js';

/** Pause before a reply from before is offered again. */
const ROOM_MS = 100;
/** Replies that cannot be read are told no more often: anybody who can write to the reply topic can send any number. */
const TOLD_EVERY_MS = 60_000;

/** Whether a late reply found room: it did, or those of its exchange have theirs, or there is none for any at the moment. */
export type LateRoom = 'taken' | 'crowded' | 'full';

export interface ExchangeClientOptions {
  broker: Broker;
  /**
   * Where this instance gets its replies: its agency's reply topic and the partition that it holds the lease of. Without it the
   * client can only emit. Replies that came since `since` (milliseconds since the epoch) while nobody read are for `onLate`.
   */
  reply?: { topic: string; partition: number; since?: number };
  /**
   * Handed the replies with a body that belong to no open question, because it had ended or was another process's, or because a
   * stranger wrote them: as they come, some of them more than once. It does nothing but take one or say that it has no room:
   * it is dropped then (`lateDropped`), but one from before `connect` waits if there is none for any. Absent: they are
   * counted and dropped.
   */
  onLate?: (reply: WireMessage) => LateRoom;
  /** Repeats an unanswered question after so many milliseconds, then after twice as long each time, until its deadline; absent = never. */
  retryMs?: number;
  /** Questions in flight; beyond it `overloaded`. Default 4,096. */
  maxPending?: number;
  /** Longest wait of `close` for replies, in milliseconds. Default 5,000. */
  drainMs?: number;
  /** Logical pattern to physical topic. Default: the pattern is the topic. */
  topicOf?: (pattern: string) => string;
  report?: Report;
}

/** What became of questions and replies since the start. */
export interface ClientCounts {
  sent: number;
  resent: number;
  answered: number;
  /** Replies that the asker did not accept; its question waited on. */
  rejected: number;
  timedOut: number;
  /** Replies to a question that has had its reply. */
  duplicate: number;
  /** Replies to a question that timed out or was given up. */
  late: number;
  /** Replies to no question of this instance. */
  unknown: number;
  /** Of the late and unknown, and of those from before `connect`, those with a body for which `onLate` had no room. */
  lateDropped: number;
  /** Replies that cannot be read. */
  malformed: number;
}

/**
 * Asking side of the transport as a Nest client, for any `Broker`. `send(topic, WireMessage)` gives one `WireMessage`;
 * `send(topic, CheckedQuestion)` what its `accept` made of the first reply that it accepted. The question brings its
 * `deadline` header (see `messageHeaders`). Serializes nothing: bytes pass untouched.
 *
 * Errors: `provider-timeout` at the deadline, `overloaded` over `maxPending`, `shutting-down` after `close`,
 * `transport-unavailable` or `body-too-large` from the broker, `partition-taken` when another instance reads this one's
 * replies, and the Problem that a reply without a body names: at once, or for a `CheckedQuestion` at its deadline, because
 * nobody signed that name.
 */
export class ExchangeClient extends ClientProxy {
  readonly counts: ClientCounts = {
    sent: 0,
    resent: 0,
    answered: 0,
    rejected: 0,
    timedOut: 0,
    duplicate: 0,
    late: 0,
    unknown: 0,
    lateDropped: 0,
    malformed: 0,
  };
  readonly #pending: PendingReplies;
  readonly #report: Report;
  #malformedTold = -Infinity;
  #connecting: Promise<BrokerSubscription | undefined> | undefined;
  #closing: Promise<void> | undefined;

  constructor(private readonly options: ExchangeClientOptions) {
    super();
    this.#pending = new PendingReplies(options.maxPending ?? 4_096);
    this.#report = options.report ?? reportToNest;
  }

  /** Questions waiting for their reply. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Takes the reply partition; no question is sent before its position is fixed. */
  async connect(): Promise<void> {
    if (this.#closing) throw new Problem('shutting-down');
    this.#connecting ??= this.#subscribe();
    await this.#connecting;
  }

  /** Refuses new questions, waits for the replies of those in flight up to `drainMs`, then ends them with `shutting-down`. */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  unwrap<T>(): T {
    return this.options.broker as T;
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket<unknown>) => void): () => void {
    try {
      const question = this.#ask(packet, callback);
      return () => this.#pending.end(question.id, 'late');
    } catch (error) {
      callback({ err: Problem.from(error), isDisposed: true });
      return () => undefined;
    }
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const message = messageOf(packet);
    parseEventHeaders(message.headers);
    await this.options.broker.publish(this.#topicOf(packet), [message]);
    return undefined as T;
  }

  #ask(packet: ReadPacket, callback: (packet: WritePacket<unknown>) => void): Question {
    if (this.#closing) throw new Problem('shutting-down');
    const { message, accept } = questionOf(packet);
    const { deadline } = parseQuestionHeaders(message.headers);
    const id = randomUUID();
    const question = new Question({
      id,
      deadline,
      topic: this.#topicOf(packet),
      message: this.#addressed(message, id),
      accept,
      broker: this.options.broker,
      retryMs: this.options.retryMs,
      counts: this.counts,
      answer: callback,
      over: (how) => this.#pending.end(id, how),
      tooLate: (reply) => this.#tooLate(reply),
    });
    this.#pending.add(question);
    question.start();
    return question;
  }

  /** A copy with the address for the reply: the caller's object stays as it is, and what is sent again is the same. */
  #addressed({ key, headers, value }: WireMessage, id: string): WireMessage {
    const { reply } = this.options;
    if (!reply) throw new Problem('internal', { cause: new Error('this client has no reply partition') });
    const added = {
      [HEADER.correlationId]: id,
      [HEADER.replyTopic]: reply.topic,
      [HEADER.replyPartition]: String(reply.partition),
      [HEADER.traceparent]: headers[HEADER.traceparent] ?? continueTrace(),
    };
    return { key, headers: { ...headers, ...added }, value: Uint8Array.from(value) };
  }

  async #subscribe(): Promise<BrokerSubscription | undefined> {
    const { reply, broker } = this.options;
    if (!reply) return undefined;
    const { since, ...place } = reply;
    const earlier = since !== undefined &&
      this.options.onLate && {
        earlier: { since, handler: (delivery: Delivery) => this.#lookBack(delivery) },
      };
    try {
      return await broker.subscribe({ ...place, ...earlier }, (delivery) => this.#settle(delivery));
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
  }

  /** Never throws: a reply that cannot be read must not stop those behind it. */
  #settle(delivery: Delivery): void {
    try {
      this.#match(parseReplyHeaders(delivery.headers), delivery);
    } catch (error) {
      this.#malformed(delivery, error);
    }
  }

  #malformed({ topic }: Delivery, error: unknown): void {
    this.counts.malformed++;
    const now = performance.now();
    if (now - this.#malformedTold < TOLD_EVERY_MS) return;
    this.#malformedTold = now;
    this.#report(reportOf('reply-malformed', topic, error));
  }

  #match({ correlationId, problem }: ReplyHeaders, { key, headers, value }: Delivery): void {
    const question = this.#pending.get(correlationId);
    if (!question) {
      const fate = this.#pending.fateOf(correlationId);
      this.counts[fate]++;
      if (fate !== 'duplicate' && !problem) this.#tooLate({ key, headers, value });
    } else if (problem) question.tell(new Problem(problem));
    else question.take({ key, headers, value });
  }

  #tooLate(reply: WireMessage): void {
    if (this.#handOver(reply) !== 'taken') this.counts.lateDropped++;
  }

  #handOver({ key, headers, value }: WireMessage): LateRoom {
    const { onLate } = this.options;
    return value.byteLength === 0 || !onLate ? 'taken' : onLate({ key, headers, value });
  }

  /**
   * What came while nobody read is nobody's answer any more. What this instance has asked since, it gets by its own way. Too
   * many to one exchange do not keep those behind them waiting.
   */
  async #lookBack(delivery: Delivery): Promise<void> {
    if (!this.#isOthers(delivery)) return;
    let room = this.#handOver(delivery);
    for (; room === 'full'; room = this.#handOver(delivery)) {
      if (this.#closing) throw new Problem('shutting-down');
      await sleep(ROOM_MS);
    }
    if (room === 'crowded') this.counts.lateDropped++;
  }

  #isOthers(delivery: Delivery): boolean {
    try {
      const { correlationId } = parseReplyHeaders(delivery.headers);
      return !this.#pending.get(correlationId) && this.#pending.fateOf(correlationId) === 'unknown';
    } catch (error) {
      this.#malformed(delivery, error);
      return false;
    }
  }

  #topicOf({ pattern }: ReadPacket): string {
    const name = String(pattern);
    return this.options.topicOf?.(name) ?? name;
  }

  async #stop(): Promise<void> {
    await within(this.#pending.empty(), this.options.drainMs ?? 5_000);
    for (const question of this.#pending.all()) question.fail(new Problem('shutting-down'));
    const subscription = await this.#connecting?.catch(() => undefined);
    await subscription?.close();
  }
}

function questionOf(packet: ReadPacket): Pick<QuestionOptions, 'message' | 'accept'> {
  const { message, accept } = (packet.data ?? {}) as Partial<CheckedQuestion<unknown>>;
  if (typeof accept !== 'function') return { message: messageOf(packet) };
  return { message: messageOf({ ...packet, data: message }), accept };
}

function messageOf({ data }: ReadPacket): WireMessage {
  const message: unknown = data;
  if (isWireMessage(message)) return message;
  throw new Problem('internal', { cause: new TypeError('only a WireMessage can be sent') });
}
