import { isUint8Array } from 'node:util/types';
import { type ProblemName } from '#problem';
import { type OutgoingMessage } from './broker.js';
import { HEADER, messageHeaders, parseReplyHeaders, type RequestHeaders } from './headers.js';
import { type WireMessage } from './message.js';

/** Whether a handler's result can travel. */
export function isWireMessage(value: unknown): value is WireMessage {
  const { key, headers, value: bytes } = (value ?? {}) as Partial<WireMessage>;
  const texts =
    typeof headers === 'object' && headers !== null ? Object.values<unknown>(headers) : [undefined];
  return typeof key === 'string' && isUint8Array(bytes) && texts.every((text) => typeof text === 'string');
}

/**
 * The handler's message on its way to the asker: its own headers win over what follows from the request, except for the
 * correlation id. Error: `envelope-changed` or `envelope-version` when those headers are malformed.
 */
export function replyTo(request: RequestHeaders, reply: WireMessage, from: ReplySource): OutgoingMessage {
  const headers = {
    ...replyHeaders(request, from),
    ...reply.headers,
    [HEADER.correlationId]: request.correlationId,
  };
  parseReplyHeaders(headers);
  return { key: reply.key, headers, value: reply.value, partition: request.replyPartition };
}

/** A reply that only says why there is none. */
export function problemReply(
  request: RequestHeaders,
  problem: ProblemName,
  from: ReplySource,
): OutgoingMessage {
  return {
    key: request.subject,
    headers: {
      ...replyHeaders(request, from),
      [HEADER.correlationId]: request.correlationId,
      [HEADER.problem]: problem,
    },
    value: new Uint8Array(0),
    partition: request.replyPartition,
  };
}

export interface ReplySource {
  /** `<agency>/<role>/<ordinal>` */
  source: string;
  /** This hop's traceparent. */
  traceparent: string;
}

function replyHeaders(request: RequestHeaders, { source, traceparent }: ReplySource): Record<string, string> {
  const headers = messageHeaders({ source, type: `${request.type}.reply`, subject: request.subject });
  return { ...headers, [HEADER.traceparent]: traceparent };
}
