import { createHash, verify } from 'node:crypto';
import { Problem } from '#problem';
import { type RegistryView, type UsableKey } from '#registry';
import { digestMatches } from './content-digest.js';
import { singleField, type SignedMessage } from './message.js';
import { readClaims, requireAddressee, requireCoverage, WINDOW_MS, type SignatureClaims } from './policy.js';
import { signatureBase } from './signature-base.js';
import { invalid, readSignature } from './signature-input.js';

export interface VerifyContext {
  registry: RegistryView;
  /** Milliseconds since the epoch. */
  now: number;
  /** The gateway's own `host[:port]`, lower case, without the scheme's default port; several when it has several. */
  authority: string | readonly string[];
}

/** Who asks: taken from the registered key and from nothing else in the request. */
export interface Identity {
  agency: string;
  keyId: string;
  /** Commits to the signature base and the signature; also what replay is told by. */
  sigHash: Buffer;
  nonce: string;
  /** Milliseconds since the epoch. */
  created: number;
}

/**
 * Verifies a request signed with a registered Ed25519 key (RFC 9421 with Content-Digest, RFC 9530), before anything of its
 * body is parsed. Replay is told apart by {@link ReplayGuard}.
 * @throws Problem `signature-invalid`, `clock-skew`, `key-unknown`, `digest-mismatch`
 */
export function verifyRequest(message: SignedMessage, { registry, now, authority }: VerifyContext): Identity {
  const input = readSignature(message);
  requireAddressee(message, typeof authority === 'string' ? [authority] : authority);
  requireCoverage(message, input);
  const claims = readClaims(input);
  requireTimely(claims, now);
  const key = requireKey(registry, claims.keyId, now);
  requireDigest(message);
  const base = signatureBase(message, input.components, input.text);
  if (!verify(null, base, key.keyObject, input.signature)) throw invalid('signature');
  return {
    agency: key.agency,
    keyId: key.id,
    sigHash: commit(base, input.signature),
    nonce: claims.nonce,
    created: claims.created,
  };
}

function requireTimely({ created, expires }: SignatureClaims, now: number): void {
  const skewed = Math.abs(now - created) > WINDOW_MS;
  if (skewed || (expires !== undefined && expires <= now))
    throw new Problem('clock-skew', { field: 'signature-input' });
}

function requireKey(registry: RegistryView, keyId: string, now: number): UsableKey {
  const key = registry.signatureKey(keyId, now);
  if (key === undefined) throw new Problem('key-unknown', { field: 'signature-input' });
  return key;
}

/** `requireCoverage` has seen to it that a body has a digest. */
function requireDigest(message: SignedMessage): void {
  const field = singleField(message, 'content-digest');
  if (field !== undefined && !digestMatches(field, message.rawBody)) {
    throw new Problem('digest-mismatch', { field: 'content-digest' });
  }
}

/** SHA-256(`http-signature/v1` ‖ 0 ‖ base ‖ 0 ‖ signature). The base ends in a nonce of ≥ 16 bytes, so it hides what it commits to. */
function commit(base: Buffer, signature: Buffer): Buffer {
  return createHash('sha256')
    .update('http-signature/v1\0')
    .update(base)
    .update('\0')
    .update(signature)
    .digest();
}
