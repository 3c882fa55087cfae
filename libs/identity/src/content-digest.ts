import { createHash } from 'node:crypto';
import { isInnerList, serializeDictionary } from 'structured-headers';
import { strictDictionary } from './structured.js';

/** Active algorithms of the RFC 9530 registry; all others are refused, not ignored. */
const ALGORITHMS: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

/** `Content-Digest` of a body (RFC 9530) with SHA-256. */
export function contentDigest(body: Uint8Array): string {
  return serializeDictionary(new Map([['sha-256', [digest('sha256', body), new Map()]]]));
}

/** Whether every digest in the field is the body's own, and there is at least one. */
export function digestMatches(field: string, body: Uint8Array): boolean {
  const entries = [...(strictDictionary(field) ?? [])];
  return (
    entries.length > 0 &&
    entries.every(([name, member]) => {
      const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
      if (algorithm === undefined || isInnerList(member) || member[1].size > 0) return false;
      const value: unknown = member[0];
      return value instanceof ArrayBuffer && digest(algorithm, body).equals(Buffer.from(value));
    })
  );
}

function digest(algorithm: string, body: Uint8Array): Buffer {
  return createHash(algorithm).update(body).digest();
}
