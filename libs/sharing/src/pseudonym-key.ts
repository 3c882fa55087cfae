import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Problem } from '#problem';

const SIZE = 32;

/**
 * Pseudonyms of one requester and purpose: HMAC-SHA256 in unpadded base64url, under a key derived (HKDF, RFC 5869) from
 * the provider's own, so that two agencies, or one agency under two purposes, hold tokens that cannot be joined.
 * @param secret the provider's pseudonym key, 32 bytes or more
 * @throws Problem `internal` at first use when the provider has no key, or one too short.
 */
export function pseudonymsFor(
  secret: Uint8Array | undefined,
  requester: string,
  purpose: string,
): (value: string) => string {
  let key: KeyObject | undefined;
  return (value) => {
    key ??= derived(secret, requester, purpose);
    return createHmac('sha256', key).update(value).digest('base64url');
  };
}

function derived(secret: Uint8Array | undefined, requester: string, purpose: string): KeyObject {
  if (secret === undefined || secret.length < SIZE) {
    throw new Problem('internal', { detail: 'the provider has no pseudonym key of 32 bytes' });
  }
  const info = JSON.stringify(['pseudonym/v1', requester, purpose]);
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, SIZE)));
}
