import { randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  serializeDictionary,
  serializeInnerList,
  type InnerList,
  type Item,
  type Parameters,
} from 'structured-headers';
import { contentDigest } from './content-digest.js';
import { type SignedMessage } from './message.js';
import { TAG } from './policy.js';
import { signatureBase } from './signature-base.js';

export interface RequestToSign {
  method: string;
  /** Absolute; send exactly its path and query. */
  url: string | URL;
  body?: string | Uint8Array;
  /** Of the body; default `application/json`. */
  contentType?: string;
  /** Registered id, `<agency>/http-signature/<n>`. */
  keyId: string;
  privateKey: KeyObject;
  /** Milliseconds since the epoch. */
  now: number;
  /** At least 16 random bytes; made when absent. */
  nonce?: Uint8Array;
}

/**
 * The headers that make a request ours (RFC 9421): send them with the method, URL and body given, changed in nothing.
 * Each call signs with a fresh nonce: a signature is good for one use.
 */
export function signRequest(request: RequestToSign): Record<string, string> {
  const url = new URL(request.url);
  const body = Buffer.from(request.body ?? '');
  const content = contentHeaders(body, request.contentType ?? 'application/json');
  const message: SignedMessage = {
    method: request.method.toUpperCase(),
    target: `${url.pathname}${url.search}`,
    headers: { ...content, host: url.host },
    rawBody: body,
  };
  const components = [
    '@method',
    '@authority',
    '@path',
    ...(url.search ? ['@query'] : []),
    ...Object.keys(content),
  ];
  const covered: InnerList = [
    components.map((name): Item => [name, new Map<string, never>()]),
    parameters(request),
  ];
  const signature = sign(
    null,
    signatureBase(message, components, serializeInnerList(covered)),
    request.privateKey,
  );
  return {
    ...content,
    'signature-input': serializeDictionary(new Map([['sig', covered]])),
    signature: serializeDictionary(new Map([['sig', [signature, new Map()]]])),
  };
}

function contentHeaders(body: Buffer, contentType: string): Record<string, string> {
  return body.length === 0 ? {} : { 'content-type': contentType, 'content-digest': contentDigest(body) };
}

function parameters({ keyId, now, nonce = randomBytes(16) }: RequestToSign): Parameters {
  return new Map<string, string | number>([
    ['created', Math.floor(now / 1000)],
    ['nonce', Buffer.from(nonce).toString('base64url')],
    ['keyid', keyId],
    ['alg', 'ed25519'],
    ['tag', TAG],
  ]);
}
