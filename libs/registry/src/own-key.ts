import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Problem } from '#problem';
import { keyFaults } from './key-faults.js';
import { type KeyUse, type RegisteredKey } from './model.js';
import { algorithmOf, exportPublicKey } from './public-key.js';

/** A key of this node: what it registers, and the private half that never leaves its store. */
export interface OwnKey extends RegisteredKey {
  privateKey: KeyObject;
}

/** What a new key is told; its id, algorithm and material follow. */
export interface NewKey {
  agency: string;
  use: KeyUse;
  /** Generation; for a log the generation of its key, which its id does not show. */
  n: number;
  from: string;
  to?: string;
  /** Log keys. */
  origin?: string;
  fromSize?: number;
}

export function generateOwnKey({ agency, use, n, from, to, origin, fromSize }: NewKey): OwnKey {
  const algorithm = algorithmOf(use);
  const privateKey = generatePrivate(algorithm);
  return {
    id: use === 'log' ? origin! : `${agency}/${use}/${n}`,
    agency,
    use,
    algorithm,
    publicKey: exportPublicKey(privateKey),
    from,
    ...(to !== undefined && { to }),
    ...(use === 'log' && { origin: origin!, fromSize: fromSize ?? 0 }),
    privateKey,
  };
}

/** The part that everyone may see. */
export function publicPart(key: OwnKey): RegisteredKey {
  const { privateKey: _private, ...registered } = key;
  return registered;
}

/** A stored key: what it registers, with the private half as JWK (RFC 8037). */
export function serializeOwnKey(key: OwnKey): string {
  return `${JSON.stringify({ key: publicPart(key), jwk: key.privateKey.export({ format: 'jwk' }) }, null, 2)}\n`;
}

/** @throws Problem `key-store` when the file is not a key, or private and public half do not belong together */
export function parseOwnKey(text: string): OwnKey {
  try {
    const { key, jwk } = JSON.parse(text) as { key: RegisteredKey; jwk: Record<string, string> };
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
    if (keyFaults(key, '').length === 0 && exportPublicKey(privateKey) === key.publicKey)
      return { ...key, privateKey };
  } catch (error) {
    throw new Problem('key-store', { detail: 'a key file cannot be read', cause: error });
  }
  throw new Problem('key-store', { detail: 'a key file does not hold the key it names' });
}

function generatePrivate(algorithm: RegisteredKey['algorithm']): KeyObject {
  return algorithm === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('x25519').privateKey;
}
