import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { admit, describeError, type LogFields } from './log-fields.js';
import { currentTraceId } from './spans.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One JSON line per event. The message is a constant sentence of the program, the fields are from an allow list. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
  child(fields: LogFields): Logger;
}

/** Writes to standard error, so that a program's own output stays clean; `destination` is for tests. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return wrap(pino(options, destination ?? pino.destination({ fd: 2, sync: true })), {});
}

/** `bound` is merged here, not by pino's children, which write a field twice when a child says it again. */
function wrap(out: Pino, bound: LineFields): Logger {
  const line = (fields: LogFields, error?: unknown): LineFields => {
    const trace = currentTraceId();
    return {
      ...bound,
      ...admit(fields),
      ...(trace !== undefined && { trace }),
      ...(error !== undefined && describeError(error)),
    };
  };
  return {
    debug: (message, fields = {}) => out.debug(line(fields), message),
    info: (message, fields = {}) => out.info(line(fields), message),
    warn: (message, fields = {}, error) => out.warn(line(fields, error), message),
    error: (message, fields = {}, error) => out.error(line(fields, error), message),
    child: (fields) => wrap(out, { ...bound, ...admit(fields) }),
  };
}

type LineFields = Record<string, string | number>;
