import { HASH_SIZE, hashChildren } from './hash.js';

/** "The leaf at `index` of the tree of `size` leaves with this root is `leaf`", and the path that shows it. */
export interface InclusionClaim {
  /** Counted from 0. */
  index: number;
  size: number;
  /** Leaf *hash*. */
  leaf: Buffer;
  root: Buffer;
  /** From the leaf's sibling up to the root's child. */
  path: readonly Buffer[];
}

/**
 * Whether the claim holds (RFC 9162 §2.1.3.2). Anything malformed is simply not proved: a hash that is not 32 bytes,
 * an index outside the tree, a path too short or too long. The path does not bind `size`: another size in which the
 * leaf's way up has the same turns proves the same, so take root and size together from one signed checkpoint.
 */
export function verifyInclusion({ index, size, leaf, root, path }: InclusionClaim): boolean {
  if (!isPosition(index, size) || ![leaf, root, ...path].every(isHash)) return false;
  const computed = climb(index, size - 1, leaf, path);
  return computed !== undefined && computed.equals(root);
}

/** Root that the path leads to, or nothing when its length does not fit. `fn`, `sn`: as the RFC names them. */
function climb(fn: number, sn: number, leaf: Buffer, path: readonly Buffer[]): Buffer | undefined {
  let node = leaf;
  for (const sibling of path) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      node = hashChildren(sibling, node);
      [fn, sn] = skipLevelsWithoutSibling(fn, sn);
    } else {
      node = hashChildren(node, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? node : undefined;
}

/** On the ragged right edge a node goes up unchanged until it is a right child. */
export function skipLevelsWithoutSibling(fn: number, sn: number): [number, number] {
  while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
}

export function half(n: number): number {
  return Math.floor(n / 2);
}

export function isHash(value: Buffer): boolean {
  return value.length === HASH_SIZE;
}

function isPosition(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}
