import { hashChildren } from './hash.js';
import { half, isHash, skipLevelsWithoutSibling } from './inclusion.js';

/** "The tree of `newSize` starts with the very leaves of the tree of `oldSize`", and the proof that shows it. */
export interface ConsistencyClaim {
  oldSize: number;
  newSize: number;
  oldRoot: Buffer;
  newRoot: Buffer;
  proof: readonly Buffer[];
}

/**
 * Whether the claim holds (RFC 9162 §2.1.4.2). Size 0 is refused: every tree extends the empty one, so there is
 * nothing to prove and a caller that starts from nothing says so itself. Anything malformed is not proved.
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyClaim): boolean {
  if (!isGrowth(oldSize, newSize) || ![oldRoot, newRoot, ...proof].every(isHash)) return false;
  if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
  // A proof from a full subtree leaves its root out, because the verifier has it.
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  const roots = climb(oldSize - 1, newSize - 1, path);
  return roots !== undefined && roots[0].equals(oldRoot) && roots[1].equals(newRoot);
}

/** Old and new root that the path leads to, or nothing when its length does not fit. */
function climb(oldLast: number, newLast: number, path: readonly Buffer[]): [Buffer, Buffer] | undefined {
  let [fn, sn] = dropFullLevels(oldLast, newLast);
  const [seed, ...rest] = path;
  if (seed === undefined) return undefined;
  let [oldNode, newNode] = [seed, seed];
  for (const sibling of rest) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      oldNode = hashChildren(sibling, oldNode);
      newNode = hashChildren(sibling, newNode);
      [fn, sn] = skipLevelsWithoutSibling(fn, sn);
    } else {
      newNode = hashChildren(newNode, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? [oldNode, newNode] : undefined;
}

function dropFullLevels(fn: number, sn: number): [number, number] {
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
}

function isGrowth(oldSize: number, newSize: number): boolean {
  return Number.isSafeInteger(oldSize) && Number.isSafeInteger(newSize) && oldSize > 0 && oldSize <= newSize;
}

function isPowerOfTwo(size: number): boolean {
  while (size % 2 === 0) size /= 2;
  return size === 1;
}
