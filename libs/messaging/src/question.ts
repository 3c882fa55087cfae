import { type WritePacket } from '@nestjs/microservices';
import { Problem } from '#problem';
import { BrokerDown, type Broker } from './broker.js';
import { type WireMessage } from './message.js';

/** What a reply without a question is: a second one, one too late, or none of ours. */
export type Fate = 'duplicate' | 'late' | 'unknown';

/** A question that only a reply which its asker accepts can end before its deadline. */
export interface CheckedQuestion<R> {
  message: WireMessage;
  /**
   * What a reply says, once it is known to be the answer; undefined: it is not, and the waiting goes on. Several replies
   * may be looked at at once. A rejection ends the waiting: the asker's own side failed.
   */
  accept(reply: WireMessage): Promise<R | undefined>;
}

export interface QuestionOptions {
  /** Correlation id. */
  id: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  topic: string;
  message: WireMessage;
  /** Absent: the first reply is the answer, whatever it says. */
  accept?: CheckedQuestion<unknown>['accept'] | undefined;
  broker: Broker;
  retryMs: number | undefined;
  counts: { sent: number; resent: number; answered: number; rejected: number; timedOut: number };
  answer: (packet: WritePacket<unknown>) => void;
  /** Takes the question out of those in flight. */
  over: (fate: Fate) => void;
  /** Told of a reply that was accepted when its question had ended without one. */
  tooLate: (reply: WireMessage) => void;
}

/** A reply may have been lost with a broker: however long the deadline, it is asked again this often, in pauses of `retryMs`. */
const LONGEST_PAUSES = 4;

/**
 * One question on its way: sent at once, again after `retryMs` and then after twice as long each time (the same bytes; the
 * broker may have lost them, or the provider is busy, and then more of the same would keep it so), until its reply, a
 * refusal by the broker or its deadline. Ends exactly once.
 *
 * Whoever can write to the reply topic can put anything there before the true reply. With `accept` none of it ends the
 * waiting: neither a reply that is not accepted, nor a problem without a body, which nobody signed. Such a problem is kept
 * and told at the deadline, when nothing better came.
 */
export class Question {
  readonly id: string;
  #timeout: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #publishing = false;
  #accepted = false;
  #ended: Fate | undefined;
  #stopped = false;
  #told: Problem | undefined;

  constructor(private readonly options: QuestionOptions) {
    this.id = options.id;
  }

  start(): void {
    const { deadline, retryMs } = this.options;
    this.#timeout = setTimeout(() => this.#expire(), Math.max(0, deadline - Date.now()));
    if (deadline <= Date.now()) return;
    void this.#publish();
    if (retryMs !== undefined) this.#repeatIn(retryMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timeout);
    clearTimeout(this.#retry);
  }

  /** A reply with a body came. */
  take(reply: WireMessage): void {
    if (this.options.accept) void this.#consider(reply, this.options.accept);
    else this.#succeed(reply, reply);
  }

  /** A reply without a body came: nobody vouches for the problem that it names. */
  tell(problem: Problem): void {
    if (this.options.accept) this.#told = problem;
    else this.fail(problem);
  }

  fail(err: Problem, fate: Fate = 'duplicate'): void {
    this.#end({ err }, fate);
  }

  async #consider(reply: WireMessage, accept: CheckedQuestion<unknown>['accept']): Promise<void> {
    try {
      const response = await accept(reply);
      if (response !== undefined) this.#succeed(response, reply);
      else this.options.counts.rejected++;
    } catch (error) {
      this.fail(Problem.from(error));
    }
  }

  #succeed(response: unknown, reply: WireMessage): void {
    if (!this.#ended) this.options.counts.answered++;
    else if (this.#ended === 'late') this.options.tooLate(reply);
    this.#end({ response }, 'duplicate');
  }

  /** A second reply may have been looked at when the first was accepted, or the deadline came meanwhile. */
  #end(packet: WritePacket<unknown>, fate: Fate): void {
    if (this.#ended) return;
    this.#ended = fate;
    this.options.over(fate);
    this.options.answer({ ...packet, isDisposed: true });
  }

  /** Nobody took it: the broker is to blame; else what was told, or the provider. */
  #expire(): void {
    this.options.counts.timedOut++;
    const refused = !this.#accepted && this.options.retryMs !== undefined;
    this.fail(refused ? new BrokerDown() : (this.#told ?? new Problem('provider-timeout')), 'late');
  }

  #repeatIn(ms: number): void {
    this.#retry = setTimeout(() => void this.#again(ms), ms);
  }

  /** While the broker has not taken it nobody else is kept busy: then the pause stays as it is. */
  async #again(pause: number): Promise<void> {
    if (!this.#publishing) {
      this.options.counts.resent++;
      await this.#publish();
    }
    const longest = LONGEST_PAUSES * (this.options.retryMs ?? pause);
    if (!this.#stopped) this.#repeatIn(this.#accepted ? Math.min(2 * pause, longest) : pause);
  }

  async #publish(): Promise<void> {
    this.#publishing = true;
    try {
      await this.options.broker.publish(this.options.topic, [this.options.message]);
      if (!this.#accepted) this.options.counts.sent++;
      this.#accepted = true;
    } catch (error) {
      const again = error instanceof BrokerDown && this.options.retryMs !== undefined;
      if (!again) this.fail(Problem.from(error), 'late');
    } finally {
      this.#publishing = false;
    }
  }
}
