import { createPublicKey, type KeyObject } from 'node:crypto';
import { type KeyAlgorithm, type KeyUse } from './model.js';

const CURVES = { ed25519: 'Ed25519', x25519: 'X25519' } as const;

/** What every use signs or agrees with: HPKE agrees (X25519, RFC 9180), all others sign (Ed25519, RFC 8032). */
export function algorithmOf(use: KeyUse): KeyAlgorithm {
  return use === 'hpke' ? 'x25519' : 'ed25519';
}

/** The 32 raw bytes of a public key, or undefined when the text is not their one unpadded base64url form. */
export function decodePublicKey(text: string): Buffer | undefined {
  const raw = Buffer.from(text, 'base64url');
  return raw.length === 32 && raw.toString('base64url') === text ? raw : undefined;
}

/** A registered public key (unpadded base64url) as `node:crypto` takes it. */
export function importPublicKey(algorithm: KeyAlgorithm, publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: CURVES[algorithm], x: publicKey }, format: 'jwk' });
}

/** The raw public half of a private or public OKP key, unpadded base64url. */
export function exportPublicKey(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return x!;
}
