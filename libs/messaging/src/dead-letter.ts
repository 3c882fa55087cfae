import { createHash } from 'node:crypto';
import { type Problem } from '#problem';
import { type Delivery } from './broker.js';
import { HEADER, HEADER_FORM } from './headers.js';
import { type WireMessage } from './message.js';
import { parseTraceparent } from './traceparent.js';

/** Headers that a dead letter adds to the well-formed ones of the message that it stands for. */
export const DEAD_HEADER = {
  topic: 'dead-topic',
  partition: 'dead-partition',
  offset: 'dead-offset',
  problem: 'dead-problem',
  code: 'dead-code',
  field: 'dead-field',
  sha256: 'dead-sha256',
  bytes: 'dead-bytes',
  at: 'dead-at',
} as const;

/**
 * What remains of a poison message: an empty value, its code, where it stood, SHA-256 of its value, and those of its
 * headers that are well-formed ids, names and times. A header or key that could hold anything else is left out.
 */
export function deadLetter(poison: Delivery, problem: Problem): WireMessage {
  const subject = poison.headers[HEADER.subject];
  return {
    key: subject && HEADER_FORM.get(HEADER.id)?.(subject) ? subject : poison.topic,
    headers: { ...knownHeaders(poison.headers), ...deadHeaders(poison, problem) },
    value: new Uint8Array(0),
  };
}

function knownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name, text]) =>
    name === HEADER.traceparent ? parseTraceparent(text) : HEADER_FORM.get(name)?.(text),
  );
  return Object.fromEntries(kept);
}

function deadHeaders(poison: Delivery, { problem, code, field }: Problem): Record<string, string> {
  return {
    [DEAD_HEADER.topic]: poison.topic,
    [DEAD_HEADER.partition]: String(poison.partition),
    [DEAD_HEADER.offset]: poison.offset,
    [DEAD_HEADER.problem]: problem,
    [DEAD_HEADER.code]: String(code),
    ...(field !== undefined &&
      Object.values<string>(HEADER).includes(field) && { [DEAD_HEADER.field]: field }),
    [DEAD_HEADER.sha256]: createHash('sha256').update(poison.value).digest('hex'),
    [DEAD_HEADER.bytes]: String(poison.value.byteLength),
    [DEAD_HEADER.at]: new Date().toISOString(),
  };
}
