import { type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { Problem } from '#problem';
import { parseOwnKey, type OwnKey } from '#registry';
import { readText } from './read-input.js';

/** What signing a request takes. */
export interface SigningKey {
  keyId: string;
  agency: string;
  privateKey: KeyObject;
}

/**
 * Reads one HTTP-signature key as the key store keeps it (`<store>/keys/http-signature.<n>.json`).
 * @throws Problem `input-unreadable`, `key-store` (open to others, not such a key)
 */
export function readSigningKey(path: string): SigningKey {
  const text = readText(path, '--key');
  if ((statSync(path).mode & 0o077) !== 0) throw refused('the key file is open to group or others');
  const { id, agency, use, privateKey } = ownKey(text);
  if (use !== 'http-signature') throw refused('not an http-signature key of a key store');
  return { keyId: id, agency, privateKey };
}

function ownKey(text: string): OwnKey {
  try {
    return parseOwnKey(text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw refused(error.detail, error);
  }
}

function refused(detail?: string, cause?: unknown): Problem {
  return new Problem('key-store', { field: '--key', ...(detail !== undefined && { detail }), cause });
}
