import { hash } from 'node:crypto';
import { Problem } from '#problem';

/** Bytes of a SHA-256 tree hash. */
export const HASH_SIZE = 32;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** Root of the tree without entries: the hash of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

/** Leaf hash of an entry's exact bytes: SHA-256(0x00 ‖ entry), RFC 6962 §2.1. */
export function hashLeaf(entry: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(entry.length + 1);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return sha256(input);
}

/**
 * Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
 *
 * @throws Problem `log-tampered` when a child is not 32 bytes: a shorter one would let two trees share a root.
 */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  requireHash(left, 'left');
  requireHash(right, 'right');
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_SIZE);
  return sha256(nodeInput);
}

/** @throws Problem `log-tampered` naming `field` when `value` is not 32 bytes. */
export function requireHash(value: Uint8Array, field: string): void {
  if (value.length !== HASH_SIZE) {
    throw new Problem('log-tampered', { field, detail: 'a tree hash has 32 bytes' });
  }
}

// One buffer for all inner nodes: hashing is synchronous, so no two calls ever hold it at once.
const nodeInput = Buffer.alloc(1 + 2 * HASH_SIZE, NODE_PREFIX);

// Measured on Node 24: the one-shot hash as a latin1 string is twice as fast as as a Buffer, three times createHash.
function sha256(input: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', input, 'binary'), 'latin1');
}
