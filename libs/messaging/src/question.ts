import { type WritePacket } from '@nestjs/microservices';
import { Problem } from '#problem';
import { BrokerDown, type Broker } from './broker.js';
import { type WireMessage } from './message.js';

/** What a reply without a question is: a second one, one too late, or none of ours. */
export type Fate = 'duplicate' | 'late' | 'unknown';

export interface QuestionOptions {
  /** Correlation id. */
  id: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  topic: string;
  message: WireMessage;
  broker: Broker;
  retryMs: number | undefined;
  counts: { sent: number; resent: number; answered: number; timedOut: number };
  answer: (packet: WritePacket<WireMessage>) => void;
  /** Takes the question out of those in flight. */
  over: (fate: Fate) => void;
}

/**
 * One question on its way: sent at once, again every `retryMs` (the same bytes; the broker may have lost them), until
 * its reply, a refusal by the broker or its deadline. Ends exactly once.
 */
export class Question {
  readonly id: string;
  #timeout: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #publishing = false;
  #accepted = false;

  constructor(private readonly options: QuestionOptions) {
    this.id = options.id;
  }

  start(): void {
    const { deadline, retryMs } = this.options;
    this.#timeout = setTimeout(() => this.#expire(), Math.max(0, deadline - Date.now()));
    if (deadline <= Date.now()) return;
    void this.#publish();
    if (retryMs !== undefined) this.#retry = setInterval(() => void this.#again(), retryMs);
  }

  stop(): void {
    clearTimeout(this.#timeout);
    clearInterval(this.#retry);
  }

  succeed(response: WireMessage): void {
    this.options.counts.answered++;
    this.options.over('duplicate');
    this.options.answer({ response, isDisposed: true });
  }

  fail(err: Problem, fate: Fate = 'duplicate'): void {
    this.options.over(fate);
    this.options.answer({ err, isDisposed: true });
  }

  /** Nobody took it: the broker is to blame; else the provider. */
  #expire(): void {
    this.options.counts.timedOut++;
    const refused = !this.#accepted && this.#retry !== undefined;
    this.fail(refused ? new BrokerDown() : new Problem('provider-timeout'), 'late');
  }

  async #again(): Promise<void> {
    if (this.#publishing) return;
    this.options.counts.resent++;
    await this.#publish();
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
