import { type Parameters } from 'structured-headers';
import { invalid, type SignatureInput } from './signature-input.js';
import { authorityOf, splitTarget } from './signature-base.js';
import { singleField, type SignedMessage } from './message.js';

/** `tag` of every signature made for this API (RFC 9421 §2.3): one made for something else is worth nothing here. */
export const TAG = 'exchange-gateway';
/** How far `created` may lie from now, both ways, in milliseconds (design: clock). */
export const WINDOW_MS = 60_000;
const NONCE_BYTES = { least: 16, most: 64 };

const ALWAYS = ['@method', '@authority', '@path'];
const WITH_BODY = ['content-digest', 'content-type'];
const ALLOWED = new Set([...ALWAYS, '@query', ...WITH_BODY]);

/** What a signature says about itself, once it is known to have the right shape. Times are ms since the epoch. */
export interface SignatureClaims {
  keyId: string;
  nonce: string;
  created: number;
  expires?: number;
}

/** @throws Problem `signature-invalid` unless what must be covered is, and nothing unknown or twice */
export function requireCoverage(message: SignedMessage, { components }: SignatureInput): void {
  const covered = new Set(components);
  if (covered.size !== components.length) throw invalid('signature-input', 'a component is covered twice');
  if (components.some((name) => !ALLOWED.has(name)))
    throw invalid('signature-input', 'an unknown component is covered');
  for (const name of required(message)) {
    if (!covered.has(name)) throw invalid(name, 'must be covered by the signature');
  }
}

/** @throws Problem `signature-invalid` unless the parameters are exactly those of our profile */
export function readClaims({ parameters }: SignatureInput): SignatureClaims {
  for (const name of parameters.keys()) {
    if (!READ.has(name)) throw invalid('signature-input', 'an unknown parameter');
  }
  if (parameters.get('alg') !== 'ed25519') throw invalid('signature-input', 'alg is not ed25519');
  if (parameters.get('tag') !== TAG) throw invalid('signature-input', `tag is not ${TAG}`);
  const expires = parameters.has('expires') ? seconds(parameters, 'expires') : undefined;
  return {
    keyId: text(parameters, 'keyid'),
    nonce: nonce(parameters),
    created: seconds(parameters, 'created'),
    ...(expires !== undefined && { expires }),
  };
}

/** @throws Problem `signature-invalid` unless the target is in origin form and the authority one of ours */
export function requireAddressee(message: SignedMessage, authorities: readonly string[]): void {
  if (!/^\/[\x21-\x7e]*$/.test(message.target) || message.target.includes('#')) throw invalid('@path');
  const authority = authorityOf(message);
  if (authority === undefined || !authorities.includes(authority))
    throw invalid('@authority', 'is not this gateway');
}

const READ = new Set(['created', 'expires', 'nonce', 'keyid', 'alg', 'tag']);

/** A digest that is sent must be covered even without a body: half-signed requests are nobody's. */
function required(message: SignedMessage): string[] {
  const digested = message.rawBody.length > 0 || singleField(message, 'content-digest') !== undefined;
  return [
    ...ALWAYS,
    ...(splitTarget(message.target).query === undefined ? [] : ['@query']),
    ...(message.rawBody.length > 0 ? WITH_BODY : digested ? ['content-digest'] : []),
  ];
}

function text(parameters: Parameters, name: string): string {
  const value: unknown = parameters.get(name);
  if (typeof value !== 'string' || value === '') throw invalid('signature-input', `${name} is missing`);
  return value;
}

function seconds(parameters: Parameters, name: string): number {
  const value: unknown = parameters.get(name);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw invalid('signature-input', `${name} is not a time in seconds`);
  }
  return value * 1000;
}

/** Base64 or base64url of 16 to 64 bytes: enough that two signatures never meet by chance. */
function nonce(parameters: Parameters): string {
  const value = text(parameters, 'nonce');
  const { length } = Buffer.from(value, 'base64');
  const fits = length >= NONCE_BYTES.least && length <= NONCE_BYTES.most;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || !fits)
    throw invalid('signature-input', 'nonce is not 16 to 64 bytes');
  return value;
}
