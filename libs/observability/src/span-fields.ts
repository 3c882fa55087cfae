import { admitFrom, LOG_FIELDS, type LogFields } from './log-fields.js';

/**
 * What a span may hold: what a log line may, and these of OpenTelemetry's semantic conventions
 * (https://opentelemetry.io/docs/specs/semconv/), whose values are names of ours and codes. The conventions have more, such
 * as `url.path`, `db.query.text`, `exception.message`: those may quote a person and are therefore not here.
 */
export interface SpanFields extends LogFields {
  'http.request.method'?: string;
  /** The route's pattern, never the path asked for. */
  'http.route'?: string;
  'http.response.status_code'?: number;
  'db.system.name'?: 'postgresql';
  'db.operation.name'?: string;
  'db.collection.name'?: string;
  'db.client.connection.pool.name'?: string;
  /** SQLSTATE, or the system's name of a lost connection. */
  'db.response.status_code'?: string;
  'messaging.operation.type'?: 'send' | 'process';
  'messaging.destination.name'?: string;
  'messaging.batch.message_count'?: number;
}

const SPAN_FIELDS: ReadonlySet<string> = new Set<keyof SpanFields>([
  ...LOG_FIELDS,
  ...(['http.request.method', 'http.route', 'http.response.status_code'] as const),
  ...(['db.system.name', 'db.operation.name', 'db.collection.name'] as const),
  ...(['db.client.connection.pool.name', 'db.response.status_code'] as const),
  ...(['messaging.operation.type', 'messaging.destination.name', 'messaging.batch.message_count'] as const),
]);

/** Keeps the attributes that a span may hold, with the discipline of log lines. */
export function admitToSpan(fields: SpanFields): Record<string, string | number> {
  return admitFrom(SPAN_FIELDS, fields);
}

const NAME = /^[A-Za-z][A-Za-z0-9 ._:/@-]{0,119}$/;

/** A span's name is a constant of the program, a route, a topic or a table; what could be anything else is not shown. */
export function spanName(name: string): string {
  return NAME.test(name) && !/\d{11}/.test(name) ? name : '[dropped]';
}
