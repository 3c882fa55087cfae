/**
 * The tree as RFC 9162 §2.1 defines it, recursion for recursion and slow: what the specs hold the library against.
 * Hashes with `createHash`, so that it shares no line with the code under test.
 */
import { createHash } from 'node:crypto';
import { type TileSource } from '../src/index.js';

/** `count` different leaf hashes; the same for the same seed. */
export function leavesOf(count: number, seed = 0): Buffer[] {
  return Array.from({ length: count }, (_, i) => sha256(Buffer.from(`leaf ${seed}/${i}`)));
}

/** MTH(D_n), §2.1.1. */
export function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256(Buffer.alloc(0));
  if (leaves.length === 1) return leaves[0]!;
  const k = splitOf(leaves.length);
  return sha256(Buffer.concat([Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]));
}

/** PATH(m, D_n), §2.1.3.1. */
export function naivePath(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k ? [...naivePath(m, left), naiveRoot(right)] : [...naivePath(m - k, right), naiveRoot(left)];
}

/** PROOF(m, D_n), §2.1.4.1. */
export function naiveProof(m: number, leaves: readonly Buffer[], whole = true): Buffer[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...naiveProof(m, left, whole), naiveRoot(right)]
    : [...naiveProof(m - k, right, false), naiveRoot(left)];
}

/** The tiles of a tree of exactly these leaves; asking for any other tile or width throws. */
export function naiveTiles(leaves: readonly Buffer[]): TileSource & { asked: string[] } {
  const levels: Buffer[][] = [[...leaves]];
  while (levels.at(-1)!.length >= 256) {
    const below = levels.at(-1)!;
    levels.push(
      Array.from({ length: Math.floor(below.length / 256) }, (_, n) =>
        naiveRoot(below.slice(n * 256, n * 256 + 256)),
      ),
    );
  }
  const asked: string[] = [];
  return {
    asked,
    tile: (level, n, width) => {
      asked.push(`${level}/${n}/${width}`);
      const hashes = levels[level]?.slice(n * 256, n * 256 + 256) ?? [];
      return hashes.length === width
        ? Promise.resolve(Buffer.concat(hashes))
        : Promise.reject(new Error(`no tile ${level}/${n} of width ${width}`));
    },
  };
}

function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function sha256(input: Buffer): Buffer {
  return createHash('sha256').update(input).digest();
}
