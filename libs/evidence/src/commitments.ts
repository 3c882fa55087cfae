import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { unpredictable } from '#random';
import { Edge, hashLeaf } from '#tlog';

/** One subject of a question in normal form, at its position in the request. */
export interface CommittedSubject {
  position: number;
  /** `citizen-id`, `passport`, …, or `uscc` for a unit. */
  idType: string;
  /** The id's normal form (`#identifiers`). */
  normal: string;
}

const BODY = Buffer.from('body/v1\0', 'ascii');
const NONCE_LENGTH = 16;

/** Commits to a body before it is sent: a fresh 16-byte nonce, which travels beside the body, and the hash. */
export function commitBody(body: Uint8Array): { nonce: Buffer; hash: Buffer } {
  const nonce = unpredictable(NONCE_LENGTH);
  return { nonce, hash: bodyHash(nonce, body) };
}

/** SHA-256(`body/v1` ‖ 0 ‖ 16-byte nonce ‖ body). Nonced, so that a small answer cannot be guessed from its hash. */
export function bodyHash(nonce: Uint8Array, body: Uint8Array): Buffer {
  if (nonce.length !== NONCE_LENGTH) throw new RangeError('a body nonce has 16 bytes');
  return createHash('sha256').update(BODY).update(nonce).update(body).digest();
}

/** kx: the key of one exchange, HKDF-SHA256 (RFC 5869) of the epoch key. It travels sealed; the epoch key never does. */
export function exchangeKey(epochKey: KeyObject, exchange: string): Buffer {
  return Buffer.from(hkdfSync('sha256', epochKey, '', `exchange-key/v1\0${exchange}`, 32));
}

/** RFC 6962 root over one keyed leaf per subject, in order: whoever holds kx and the subjects can recompute it. */
export function subjectRoot(kx: Uint8Array, subjects: readonly CommittedSubject[]): Buffer {
  const key = createSecretKey(kx);
  const leaves = subjects.map((subject) => hashLeaf(subjectLeaf(key, subject)));
  return Edge.empty().extend(leaves).root;
}

/** Keyed commitment under which "who asked about this person" is indexed; unlinkable once the epoch key is gone. */
export function subjectCommitment(epochKey: KeyObject, idType: string, normal: string): Buffer {
  return keyed(epochKey, 'subject/v1', [idType, normal]);
}

/** Keyed commitment to the official who asked. */
export function operatorCommitment(epochKey: KeyObject, operatorId: string): Buffer {
  return keyed(epochKey, 'operator/v1', [operatorId]);
}

function subjectLeaf(kx: KeyObject, { position, idType, normal }: CommittedSubject): Buffer {
  return keyed(kx, 'subject-leaf/v1', [String(position), idType, normal]);
}

/**
 * HMAC-SHA256 over parts framed by their lengths (u32, big-endian), so that no two lists of parts give the same bytes. The key is
 * one that was imported before: that costs as much as the hash.
 */
function keyed(key: KeyObject, domain: string, parts: readonly string[]): Buffer {
  const framed = [domain, ...parts];
  const bytes = Buffer.allocUnsafe(framed.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of framed) {
    const length = bytes.write(part, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return createHmac('sha256', key).update(bytes).digest();
}
