import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { OpenSpan } from './open-span.js';
import { admitToSpan, spanName, type SpanFields } from './span-fields.js';

/** Set by `startTracing`; without it every function here does nothing and costs next to nothing. */
let tracer: Tracer | undefined;

/** Given by {@link captureSpan}: the span of a caller whose work is done later, together with that of others. */
export type Caller = Context;

export function useTracer(next: Tracer | undefined): void {
  tracer = next;
}

/**
 * Starts the span of something that came from outside: a request, a message. Only these begin a trace, or continue the
 * sender's: `traceparent` as it came (W3C Trace Context; a malformed one is ignored). Undefined when nothing is traced.
 */
export function openEntrySpan(
  kind: 'server' | 'consumer',
  name: string,
  fields: SpanFields,
  traceparent: string | undefined,
): OpenSpan | undefined {
  if (!tracer) return undefined;
  const parent =
    traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
  const of = kind === 'server' ? SpanKind.SERVER : SpanKind.CONSUMER;
  return start(tracer, of, name, fields, parent);
}

/**
 * Starts the span of a call to something outside: a statement, a message sent. Undefined when the work that it belongs to
 * is not traced: what runs in the background makes no traces of its own.
 */
export function openCallSpan(
  kind: 'client' | 'producer',
  name: string,
  fields: SpanFields,
): OpenSpan | undefined {
  if (!tracer || !isRecording(context.active())) return undefined;
  const of = kind === 'client' ? SpanKind.CLIENT : SpanKind.PRODUCER;
  return start(tracer, of, name, fields, context.active());
}

/**
 * Does a step's work in a span of its own, if the work it is part of is traced. `fields` are ids, codes and counts; what
 * else there is in them is dropped. What the work throws passes on, and the span has the problem's name as its status.
 */
export function inSpan<T>(name: string, fields: SpanFields, work: () => T): T {
  if (!tracer || !isRecording(context.active())) return work();
  return start(tracer, SpanKind.INTERNAL, name, fields, context.active()).whole(work);
}

/** The same for what came from outside. */
export function inEntrySpan<T>(
  name: string,
  fields: SpanFields,
  traceparent: string | undefined,
  work: () => T,
): T {
  const span = openEntrySpan('consumer', name, fields, traceparent);
  return span ? span.whole(work) : work();
}

/** The same for a call to something outside. */
export function inCallSpan<T>(
  kind: 'client' | 'producer',
  name: string,
  fields: SpanFields,
  work: () => T,
): T {
  const span = openCallSpan(kind, name, fields);
  return span ? span.whole(work) : work();
}

/** Remembers who calls, for {@link inSharedSpan}. */
export function captureSpan(): Caller | undefined {
  if (!tracer) return undefined;
  const active = context.active();
  return isRecording(active) ? active : undefined;
}

/**
 * Does work for several callers at once. Its span is in the trace of the first one and linked to the spans of the others,
 * and `count` says how many there are: a group is nobody's alone. Without a traced caller it is in no trace.
 */
export function inSharedSpan<T>(name: string, callers: readonly (Caller | undefined)[], work: () => T): T {
  if (!tracer) return work();
  const [parent, ...others] = callers.filter((caller) => caller !== undefined && isRecording(caller));
  if (!parent) return context.with(ROOT_CONTEXT, work);
  const links = others.map((other) => ({ context: trace.getSpanContext(other!)! }));
  const span = start(tracer, SpanKind.INTERNAL, name, { count: callers.length }, parent, links);
  return span.whole(work);
}

/** Does what goes on after the caller has its answer, so that it is not in the caller's trace. */
export function outsideSpans<T>(work: () => T): T {
  return tracer ? context.with(ROOT_CONTEXT, work) : work();
}

/** The function, to be called as if from here, wherever it is called from: what a queue hands on has lost its caller. */
export function boundToSpan<F extends (...args: never[]) => unknown>(callback: F): F {
  return tracer ? context.bind(context.active(), callback) : callback;
}

/** W3C traceparent of the span in which this is called; undefined outside any. Goes into the headers of messages. */
export function currentTraceparent(): string | undefined {
  const active = tracer && trace.getSpanContext(context.active());
  if (!active) return undefined;
  const flags = (active.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  return `00-${active.traceId}-${active.spanId}-${flags}`;
}

/** For log lines. */
export function currentTraceId(): string | undefined {
  return tracer && trace.getSpanContext(context.active())?.traceId;
}

/** Not when it is not sampled, nor when it has ended: what runs on behind an answer is not part of it. */
function isRecording(caller: Context): boolean {
  return trace.getSpan(caller)?.isRecording() === true;
}

function start(
  by: Tracer,
  kind: SpanKind,
  name: string,
  fields: SpanFields,
  parent: Context,
  links: { context: NonNullable<ReturnType<typeof trace.getSpanContext>> }[] = [],
): OpenSpan {
  const span = by.startSpan(spanName(name), { kind, attributes: admitToSpan(fields), links }, parent);
  return new OpenSpan(span, trace.setSpan(parent, span));
}
