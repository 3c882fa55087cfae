export { admit, describeError, type LogFields } from './log-fields.js';
export { createLogger, type Logger, type LogLevel } from './logger.js';
export { nestLogger } from './nest-logger.js';
export { Metrics } from './metrics.js';
export { type OpenSpan } from './open-span.js';
export { type SpanFields } from './span-fields.js';
export {
  boundToSpan,
  captureSpan,
  currentTraceparent,
  inCallSpan,
  inEntrySpan,
  inSharedSpan,
  inSpan,
  openCallSpan,
  openEntrySpan,
  outsideSpans,
  type Caller,
} from './spans.js';
export { startTracing, type Tracing, type TracingOptions } from './tracing.js';
