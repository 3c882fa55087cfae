import { type MessageHandler } from '@nestjs/microservices';
import { Problem } from '#problem';
import { BrokerDown, type Delivery, type OutgoingMessage } from './broker.js';
import { type ExchangeContext } from './exchange-context.js';
import { parseRequestHeaders, type RequestHeaders } from './headers.js';
import { LateSends } from './late-sends.js';
import { isNoRoom, publishPatiently } from './patient-publish.js';
import { isWireMessage, problemReply, replyTo } from './reply.js';
import { reportOf } from './transport-report.js';
import { bury, callHandler, contextOf, type Workbench } from './workbench.js';

/** Longer than any deadline: a timer beyond 2³¹ ms would fire at once. */
const LONGEST_TIMER_MS = 11 * 60_000;

/** A message that cannot be trusted (6000–6019): it goes to the dead letter and its sender gets no answer. */
const isPoison = ({ code }: Problem) => code >= 6000 && code < 6020;

interface Job {
  handler: MessageHandler;
  request: RequestHeaders;
  context: ExchangeContext;
}

/** Requests, concurrently: one is taken when its work begins; when there is no room for that, the partition waits. */
export class RequestWork {
  readonly #open = new Set<AbortController>();

  readonly #lateSends: LateSends;

  constructor(private readonly bench: Workbench) {
    this.#lateSends = new LateSends(bench);
  }

  /** Rejects only when the server stops before the work began: the request comes again elsewhere. */
  async take(handler: MessageHandler, delivery: Delivery): Promise<void> {
    const request = await this.#read(delivery);
    if (!request || this.#isLate(request)) return;
    await this.bench.slots.take();
    if (this.#isLate(request)) return this.bench.slots.release();
    this.bench.counts.taken++;
    const work = () => this.#work(handler, delivery, request);
    void this.bench.around(delivery, work).finally(() => this.bench.slots.release());
  }

  /** Tells the handlers still at work that nobody waits any more. */
  abort(): void {
    for (const controller of this.#open) controller.abort();
  }

  async #read(delivery: Delivery): Promise<RequestHeaders | undefined> {
    try {
      return parseRequestHeaders(delivery.headers);
    } catch (error) {
      this.bench.onUnreadable(delivery, Problem.from(error));
      await bury(this.bench, delivery, error);
      return undefined;
    }
  }

  #isLate({ deadline }: RequestHeaders): boolean {
    const late = deadline <= Date.now();
    if (late) this.bench.counts.late++;
    return late;
  }

  /** Never rejects: whatever goes wrong ends in a reply, a dead letter or a report. */
  async #work(handler: MessageHandler, delivery: Delivery, request: RequestHeaders): Promise<void> {
    const controller = new AbortController();
    const ms = Math.min(request.deadline - Date.now(), LONGEST_TIMER_MS);
    const timer = setTimeout(() => controller.abort(), ms);
    this.#open.add(controller);
    const job = { handler, request, context: contextOf(delivery, controller.signal) };
    try {
      const reply = await this.#answer(job);
      if (reply) await this.#send(job, reply);
    } catch (error) {
      this.#lost(job, error);
    } finally {
      clearTimeout(timer);
      this.#open.delete(controller);
    }
  }

  async #answer(job: Job): Promise<OutgoingMessage | undefined> {
    try {
      const result = await callHandler(this.bench, job.handler, job.context);
      if (result !== undefined) return this.#replyOf(job, result);
      this.bench.counts.unanswered++;
      return undefined;
    } catch (error) {
      return this.#refusal(job, Problem.from(error));
    }
  }

  #replyOf(job: Job, result: unknown): OutgoingMessage {
    if (!isWireMessage(result)) throw new TypeError('a request handler returns a WireMessage or nothing');
    try {
      return replyTo(job.request, result, this.#from(job));
    } catch (error) {
      // Malformed headers are the handler's fault, not the asker's: a bug, not poison.
      throw new Problem('internal', { cause: error });
    }
  }

  async #refusal(job: Job, problem: Problem): Promise<OutgoingMessage | undefined> {
    const poison = isPoison(problem);
    if (poison || problem.problem === 'internal') await bury(this.bench, job.context.delivery, problem);
    if (!poison) return problemReply(job.request, problem.problem, this.#from(job));
    this.bench.counts.unanswered++;
    return undefined;
  }

  async #send(job: Job, reply: OutgoingMessage): Promise<void> {
    const refusal = reply.value.byteLength === 0 && 'problem' in reply.headers;
    try {
      await this.#publish(job, reply);
      this.bench.counts[refusal ? 'refused' : 'answered']++;
    } catch (error) {
      const isPassing = error instanceof BrokerDown || isNoRoom(error);
      if (isPassing && this.#sendsLater(job, reply)) return;
      if (!(error instanceof Problem) || error.problem !== 'body-too-large' || refusal) throw error;
      this.#lost(job, error);
      await this.#send(job, problemReply(job.request, 'provider-contract', this.#from(job)));
    }
  }

  /** Through an outage as long as the asker waits, and as this server does; for room `LateSends` waits, and holds up no work. */
  async #publish({ request }: Job, reply: OutgoingMessage): Promise<void> {
    const patience = { until: request.deadline, signal: this.bench.stopping };
    await publishPatiently(this.bench.broker, request.replyTopic, reply, patience);
  }

  /** Whoever is at work is not held up by it. A refusal without a body says nothing that has to be acknowledged. */
  #sendsLater({ request }: Job, reply: OutgoingMessage): boolean {
    const { replyTopic, deadline } = request;
    return reply.value.byteLength > 0 && this.#lateSends.offer(replyTopic, reply, deadline);
  }

  #lost({ request }: Job, error: unknown): void {
    this.bench.counts.replyLost++;
    this.bench.report(reportOf('reply-lost', request.replyTopic, error));
  }

  #from({ context }: Job) {
    return { source: this.bench.source, traceparent: context.traceparent };
  }
}
