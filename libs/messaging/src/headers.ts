import { randomUUID } from 'node:crypto';
import { Problem, isProblemName, type ProblemName } from '#problem';
import { continueTrace } from './traceparent.js';

/**
 * Header names: CloudEvents 1.0 attributes in Kafka binary mode (`ce_…`; `ce_subject` is the exchange), W3C traceparent,
 * and ours. Values are ids, names and times, never anything about a person.
 */
export const HEADER = {
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  specversion: 'ce_specversion',
  time: 'ce_time',
  subject: 'ce_subject',
  traceparent: 'traceparent',
  version: 'message-version',
  deadline: 'deadline',
  correlationId: 'correlation-id',
  replyTopic: 'reply-topic',
  replyPartition: 'reply-partition',
  /** Only in a reply without a body: the answering side could not even record a refusal. Nobody signed it. */
  problem: 'problem',
} as const;

/** Version of what the value holds; another one is refused, not guessed at. */
export const MESSAGE_VERSION = '1';
/** design.md, Binding: `deadline ≤ at + 10 min`. */
export const LONGEST_DEADLINE_MS = 600_000;

type Headers = Readonly<Record<string, string>>;

export interface EventHeaders {
  id: string;
  source: string;
  type: string;
  /** Milliseconds since the epoch. */
  time: number;
  subject: string;
}
export interface QuestionHeaders extends EventHeaders {
  /** Milliseconds since the epoch. */
  deadline: number;
}
export interface RequestHeaders extends QuestionHeaders {
  correlationId: string;
  replyTopic: string;
  replyPartition: number;
}
export interface ReplyHeaders extends EventHeaders {
  correlationId: string;
  problem?: ProblemName;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A name of ours: agency, log origin, topic. No run of seven digits, so no id or phone number passes as one. */
const NAME = /^(?!.*\d{7})[a-z][a-z0-9._/-]{0,199}$/;

const isTime = (text: string) => TIME.test(text) && new Date(text).getTime() >= 0;
const is = (pattern: RegExp) => (text: string) => pattern.test(text);

/**
 * What a well-formed value of each header looks like; also decides what a dead letter may repeat. A map: an object would
 * answer to `constructor` too.
 */
export const HEADER_FORM: ReadonlyMap<string, (text: string) => boolean> = new Map([
  [HEADER.id, is(UUID)],
  [HEADER.source, is(NAME)],
  [HEADER.type, is(NAME)],
  [HEADER.specversion, is(/^1\.0$/)],
  [HEADER.time, isTime],
  [HEADER.subject, (text: string) => UUID.test(text) || NAME.test(text)],
  [HEADER.version, is(/^\d{1,4}$/)],
  [HEADER.deadline, isTime],
  [HEADER.correlationId, is(UUID)],
  [HEADER.replyTopic, (text: string) => NAME.test(text) && /^exchange\.reply\../.test(text)],
  [HEADER.replyPartition, is(/^(0|[1-9]\d{0,3})$/)],
  [HEADER.problem, isProblemName],
] satisfies [string, (text: string) => boolean][]);

/** Headers of an event; with `deadline` those of a question, to which the client adds correlation and reply address. */
export function messageHeaders(message: {
  source: string;
  type: string;
  /** The exchange, or for an event the thing that it tells about. */
  subject: string;
  time?: Date;
  deadline?: Date;
  traceparent?: string;
}): Record<string, string> {
  return {
    [HEADER.id]: randomUUID(),
    [HEADER.source]: message.source,
    [HEADER.type]: message.type,
    [HEADER.specversion]: '1.0',
    [HEADER.time]: (message.time ?? new Date()).toISOString(),
    [HEADER.subject]: message.subject,
    [HEADER.traceparent]: continueTrace(message.traceparent),
    [HEADER.version]: MESSAGE_VERSION,
    ...(message.deadline && { [HEADER.deadline]: message.deadline.toISOString() }),
  };
}

/**
 * Event headers, strictly. Errors: `envelope-version` for another message or CloudEvents version, `envelope-changed` for
 * a header that is missing or malformed; each names the header, none repeats its value.
 */
export function parseEventHeaders(headers: Headers): EventHeaders {
  if (headers[HEADER.version] !== MESSAGE_VERSION) throw versionProblem(HEADER.version);
  if (headers[HEADER.specversion] !== '1.0') throw versionProblem(HEADER.specversion);
  return {
    id: wellFormed(headers, HEADER.id),
    source: wellFormed(headers, HEADER.source),
    type: wellFormed(headers, HEADER.type),
    time: Date.parse(wellFormed(headers, HEADER.time)),
    subject: wellFormed(headers, HEADER.subject),
  };
}

/** Headers of a question before it has a reply address. Further error: `envelope-expired`, a deadline over ten minutes after `ce_time`. */
export function parseQuestionHeaders(headers: Headers): QuestionHeaders {
  const event = parseEventHeaders(headers);
  const deadline = Date.parse(wellFormed(headers, HEADER.deadline));
  if (deadline > event.time + LONGEST_DEADLINE_MS) {
    throw new Problem('envelope-expired', {
      field: HEADER.deadline,
      detail: 'deadline over 10 min after ce_time',
    });
  }
  return { ...event, deadline };
}

/** Headers of a question as its answering side gets it. */
export function parseRequestHeaders(headers: Headers): RequestHeaders {
  return {
    ...parseQuestionHeaders(headers),
    correlationId: wellFormed(headers, HEADER.correlationId),
    replyTopic: wellFormed(headers, HEADER.replyTopic),
    replyPartition: Number(wellFormed(headers, HEADER.replyPartition)),
  };
}

/** Headers of a reply; `problem` stands for a reply without a body. */
export function parseReplyHeaders(headers: Headers): ReplyHeaders {
  const reply = {
    ...parseEventHeaders(headers),
    correlationId: wellFormed(headers, HEADER.correlationId),
  };
  if (headers[HEADER.problem] === undefined) return reply;
  return { ...reply, problem: wellFormed(headers, HEADER.problem) as ProblemName };
}

function wellFormed(headers: Headers, name: string): string {
  const text = headers[name];
  if (text === undefined || !HEADER_FORM.get(name)?.(text)) {
    const detail = text === undefined ? 'header missing' : 'header malformed';
    throw new Problem('envelope-changed', { field: name, detail });
  }
  return text;
}

function versionProblem(field: string): Problem {
  return new Problem('envelope-version', { field, detail: 'another version than this node speaks' });
}
