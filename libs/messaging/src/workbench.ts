import { type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom, type Observable } from 'rxjs';
import { Problem } from '#problem';
import { BrokerDown, type Broker, type Delivery } from './broker.js';
import { deadLetter } from './dead-letter.js';
import { ExchangeContext } from './exchange-context.js';
import { HEADER } from './headers.js';
import { publishPatiently } from './patient-publish.js';
import { type ServerCounts } from './server-counts.js';
import { type Slots } from './slots.js';
import { continueTrace } from './traceparent.js';
import { topics } from './topics.js';
import { reportOf, type Report } from './transport-report.js';

/** Runs work between Nest's processing hooks. */
export type Hooked = <T>(context: ExchangeContext, work: () => Promise<T>) => Promise<T>;

/** Does work on a message; it must call `work` at once and never reject of its own. */
export type Around = (delivery: Delivery, work: () => Promise<void>) => Promise<void>;

/** What request work and event work share: where to publish, count and report, and how a handler is called. */
export interface Workbench {
  broker: Broker;
  source: string;
  counts: ServerCounts;
  slots: Slots;
  report: Report;
  /** Told of a message that is poison by its headers alone. */
  onUnreadable: (delivery: Delivery, problem: Problem) => void;
  /** Does the work on one request, its reply included. */
  around: Around;
  /** Aborts when the server stops waiting for work in hand. */
  stopping: AbortSignal;
  hooked: Hooked;
  toObservable: (result: unknown) => Observable<unknown>;
}

export function contextOf(delivery: Delivery, signal: AbortSignal): ExchangeContext {
  return new ExchangeContext([delivery, signal, continueTrace(delivery.headers[HEADER.traceparent])]);
}

/** Calls Nest's handler with the message as it came and waits for its last value. */
export async function callHandler(
  bench: Workbench,
  handler: MessageHandler,
  context: ExchangeContext,
): Promise<unknown> {
  const { key, headers, value } = context.delivery;
  return bench.hooked(context, async () => {
    const result: unknown = await handler({ key, headers, value }, context);
    return lastValueFrom(bench.toObservable(result), { defaultValue: undefined });
  });
}

/**
 * Puts a poison message aside and lets its partition move on. Through an outage it waits. Error: `BrokerDown`, when the
 * server stops in the meantime: then the message has not been taken.
 */
export async function bury(bench: Workbench, poison: Delivery, error: unknown): Promise<void> {
  bench.report(reportOf('dead-letter', poison.topic, error));
  const letter = deadLetter(poison, Problem.from(error));
  try {
    const patience = { until: Infinity, signal: bench.stopping };
    await publishPatiently(bench.broker, topics.deadLetter(poison.topic), letter, patience);
    bench.counts.dead++;
  } catch (failure) {
    bench.report(reportOf('dead-letter-lost', poison.topic, failure));
    if (failure instanceof BrokerDown) throw failure;
  }
}
