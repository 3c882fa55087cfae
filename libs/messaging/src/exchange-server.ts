import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { type Problem } from '#problem';
import { type Broker, type BrokerSubscription, type Delivery } from './broker.js';
import { EventWork } from './event-work.js';
import { type ExchangeContext } from './exchange-context.js';
import { RequestWork } from './request-work.js';
import { noCounts, type ServerCounts } from './server-counts.js';
import { Slots } from './slots.js';
import { topics } from './topics.js';
import { reportOf, reportToNest, type Report } from './transport-report.js';
import { within } from './within.js';
import { type Around, type Workbench } from './workbench.js';

/** Where a logical pattern's messages come from: shared by a group's members, or a compacted topic read whole. */
export type Route = { topic: string; group: string } | { topic: string; replay: true };

export interface ExchangeServerOptions {
  broker: Broker;
  /** `<agency>/<role>/<ordinal>`: `ce_source` of replies. */
  source: string;
  /** Logical pattern (`@MessagePattern('exchange.request')`, `@EventPattern('log.tail')`) to physical topic. */
  routes: Readonly<Record<string, Route>>;
  /** Messages in work at a time; beyond it the server stops taking. Default 256. */
  concurrency?: number;
  /** Longest wait of `close` for work in hand, in milliseconds. Default 5,000. */
  drainMs?: number;
  /** Where failures are told, in ids and codes. Default: Nest's logger. */
  report?: Report;
  /** Told of every message whose headers alone made it poison: no handler will see it. */
  onUnreadable?: (delivery: Delivery, problem: Problem) => void;
  /** Around the work on each request, from its beginning until its reply is sent: a trace's span, say. */
  around?: Around;
}

/**
 * Answering side of the transport as a Nest strategy, for any `Broker`. Requests run concurrently up to a limit; expired
 * ones are dropped; replies go to the partition that the request names. Events run one at a time per partition. Whatever
 * a message or handler does, the consumer goes on: poison becomes a dead letter without its body.
 *
 * A request counts as taken when its work begins (at most once: the asker repeats it), an event when its handler is done
 * (at least once). Handlers must know a repeated message by its exchange or index.
 */
export class ExchangeServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('exchange');
  override readonly propagatesEventHandlerErrors = true;
  readonly counts: ServerCounts = noCounts();
  readonly #slots: Slots;
  readonly #stopping = new AbortController();
  readonly #requests: RequestWork;
  readonly #events: EventWork;
  readonly #report: Report;
  #subscriptions: BrokerSubscription[] = [];
  #closing: Promise<void> | undefined;

  constructor(private readonly options: ExchangeServerOptions) {
    super();
    this.#slots = new Slots(options.concurrency ?? 256);
    this.#report = options.report ?? reportToNest;
    const bench = this.#bench();
    this.#requests = new RequestWork(bench);
    this.#events = new EventWork(bench);
  }

  /** Messages in work now. */
  get inFlight(): number {
    return this.#slots.used;
  }

  /**
   * Subscribes every route. A route or handler without its other half, a topic or dead-letter topic that is not there,
   * or a broker that does not answer stops the start. Compacted topics have been read when it is done.
   */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(
      () => callback(),
      (error: unknown) => void this.close().then(() => callback(error)),
    );
  }

  /** Takes nothing more, lets work in hand finish and answer, gives it up after `drainMs`. The broker stays open. */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  on(): never {
    throw new Error('ExchangeServer has no events: use counts and report');
  }

  unwrap<T>(): T {
    return this.options.broker as T;
  }

  async #start(): Promise<void> {
    this.#checkRoutes();
    const routes = Object.entries(this.options.routes);
    await Promise.all(
      routes.map(([, { topic }]) => this.options.broker.partitions(topics.deadLetter(topic))),
    );
    for (const [pattern, route] of routes) await this.#subscribe(pattern, route);
  }

  async #subscribe(pattern: string, route: Route): Promise<void> {
    const handler = this.getHandlerByPattern(pattern)!;
    const work = handler.isEventHandler ? this.#events : this.#requests;
    const subscription = await this.options.broker.subscribe(route, (delivery) =>
      work.take(handler, delivery),
    );
    this.#subscriptions.push(subscription);
    await subscription.caughtUp();
  }

  #checkRoutes(): void {
    const routed = Object.keys(this.options.routes);
    const handled = [...this.messageHandlers.keys()];
    const half = [
      ...routed.filter((pattern) => !handled.includes(pattern)),
      ...handled.filter((pattern) => !routed.includes(pattern)),
    ];
    if (half.length > 0)
      throw new Error(`patterns with a route or a handler, but not both: ${half.join(', ')}`);
  }

  async #stop(): Promise<void> {
    const left = this.#subscriptions.map((subscription) => subscription.close());
    this.#slots.close();
    if (!(await within(Promise.all([...left, this.#slots.idle()]), this.options.drainMs ?? 5_000))) {
      this.counts.abandoned = this.#slots.used;
      this.#report(reportOf('abandoned', this.options.source, undefined));
    }
    this.#stopping.abort();
    this.#requests.abort();
  }

  #bench(): Workbench {
    return {
      broker: this.options.broker,
      source: this.options.source,
      counts: this.counts,
      slots: this.#slots,
      report: this.#report,
      onUnreadable: this.options.onUnreadable ?? (() => undefined),
      around: this.options.around ?? ((_delivery, work) => work()),
      stopping: this.#stopping.signal,
      hooked: (context, work) => this.#hooked(context, work),
      toObservable: (result) => this.transformToObservable(result),
    };
  }

  #hooked<T>(context: ExchangeContext, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) =>
      this.runWithProcessingHooks(context, async (end) => {
        await work().then(resolve, reject);
        end();
      }),
    );
  }
}
