import { randomUUID } from 'node:crypto';
import { type WireMessage } from '#messaging';
import { Problem } from '#problem';

/**
 * Headers of a sealed message. All but `ce_id` and `ce_time` (by which nobody decides) are bound by the associated data;
 * correlation, reply address and trace belong to the transport and are not.
 */
export const ENVELOPE_HEADER = {
  version: 'message-version',
  specversion: 'ce_specversion',
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  subject: 'ce_subject',
  time: 'ce_time',
  topic: 'topic',
  exchange: 'exchange',
  from: 'from',
  to: 'to',
  bundle: 'bundle',
  deadline: 'deadline',
  receiverKey: 'receiver-key',
  enc: 'enc',
  nonce: 'nonce',
} as const;

/** The one version of the envelope that this node speaks. */
export const ENVELOPE_VERSION = '1';

export type MessageKind = 'request' | 'reply' | 'tail';

/** What the headers of a sealed message say; worth nothing until the message has been opened with them. */
export interface Routing {
  /** Topic that it was sealed for. */
  topic: string;
  kind: MessageKind;
  /** UUID. */
  exchange: string;
  from: string;
  to: string;
  /** Number of the bundle by which it was decided; absent when none was. */
  bundle?: number;
  /** UTC with milliseconds and `Z`. */
  deadline: string;
  /** Registered id of the HPKE key that it is sealed to. */
  receiverKey: string;
  /** HPKE encapsulated key, 32 bytes. */
  enc: Buffer;
  /** AES-GCM nonce, 12 bytes. */
  nonce: Buffer;
}

const H = ENVELOPE_HEADER;
const AGENCY = /^[a-z][a-z0-9-]{0,63}$/;

/** What a value of each header looks like, in its only form. */
const FORM: Readonly<Record<string, RegExp>> = {
  [H.type]: /^exchange\.(request|reply|tail)$/,
  [H.topic]: /^[a-z][a-z0-9._-]{0,199}$/,
  [H.exchange]: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  [H.from]: AGENCY,
  [H.to]: AGENCY,
  [H.bundle]: /^(0|[1-9]\d{0,14})$/,
  [H.deadline]: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  [H.receiverKey]: /^[a-z][a-z0-9-]{0,63}\/hpke\/[1-9]\d{0,9}$/,
  [H.enc]: /^[A-Za-z0-9_-]{43}$/,
  [H.nonce]: /^[A-Za-z0-9_-]{16}$/,
};

/** @param at milliseconds since the epoch */
export function writeHeaders(routing: Routing, at: number): WireMessage['headers'] {
  return {
    [H.version]: ENVELOPE_VERSION,
    [H.specversion]: '1.0',
    [H.id]: randomUUID(),
    [H.type]: `exchange.${routing.kind}`,
    [H.source]: routing.from,
    [H.subject]: routing.exchange,
    [H.time]: new Date(at).toISOString(),
    [H.topic]: routing.topic,
    [H.exchange]: routing.exchange,
    [H.from]: routing.from,
    [H.to]: routing.to,
    ...(routing.bundle !== undefined && { [H.bundle]: String(routing.bundle) }),
    [H.deadline]: routing.deadline,
    [H.receiverKey]: routing.receiverKey,
    [H.enc]: routing.enc.toString('base64url'),
    [H.nonce]: routing.nonce.toString('base64url'),
  };
}

/** @throws Problem `envelope-version`; `envelope-changed` naming a header that is missing, malformed or contradicts another */
export function readHeaders(headers: WireMessage['headers']): Routing {
  if (headers[H.version] !== ENVELOPE_VERSION) throw new Problem('envelope-version', { field: H.version });
  const [from, to] = [read(headers, H.from), read(headers, H.to)];
  const exchange = read(headers, H.exchange);
  requireSame(headers, H.specversion, '1.0');
  requireSame(headers, H.source, from);
  requireSame(headers, H.subject, exchange);
  return {
    topic: read(headers, H.topic),
    kind: read(headers, H.type).slice('exchange.'.length) as MessageKind,
    exchange,
    from,
    to,
    ...(headers[H.bundle] !== undefined && { bundle: Number(read(headers, H.bundle)) }),
    deadline: instant(headers),
    receiverKey: read(headers, H.receiverKey),
    enc: bytes(headers, H.enc),
    nonce: bytes(headers, H.nonce),
  };
}

function read(headers: WireMessage['headers'], name: string): string {
  const text = headers[name];
  if (typeof text !== 'string' || !FORM[name]!.test(text)) throw changed(name);
  return text;
}

function requireSame(headers: WireMessage['headers'], name: string, value: string): void {
  if (headers[name] !== value) throw changed(name);
}

/** One text for one value: a second spelling of the same bytes would be a change that the associated data does not show. */
function bytes(headers: WireMessage['headers'], name: string): Buffer {
  const text = read(headers, name);
  const raw = Buffer.from(text, 'base64url');
  if (raw.toString('base64url') !== text) throw changed(name);
  return raw;
}

function instant(headers: WireMessage['headers']): string {
  const text = read(headers, H.deadline);
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== text) throw changed(H.deadline);
  return text;
}

/** The message is not as it was sealed, or was not sealed for us; which of the two, nobody can tell. */
export function changed(field?: string, cause?: unknown): Problem {
  return new Problem('envelope-changed', { ...(field !== undefined && { field }), cause });
}
