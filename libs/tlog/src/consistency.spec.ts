import { describe, expect, test } from '@jest/globals';
import { leavesOf, naiveProof, naiveRoot } from '../testing/naive-tree.js';
import { EMPTY_ROOT, verifyConsistency, type ConsistencyClaim } from './index.js';

const LARGEST = 70;
const leaves = leavesOf(LARGEST);
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));

const claimOf = (oldSize: number, newSize: number): ConsistencyClaim => ({
  oldSize,
  newSize,
  oldRoot: roots[oldSize]!,
  newRoot: roots[newSize]!,
  proof: naiveProof(oldSize, leaves.slice(0, newSize)),
});

const pairs = roots.flatMap((_, newSize) =>
  roots.slice(1, newSize + 1).map((_, i) => claimOf(i + 1, newSize)),
);

describe('a consistency claim', () => {
  test('fails from size 0, whatever the proof', () => {
    const claim = { oldSize: 0, newSize: 3, oldRoot: EMPTY_ROOT, newRoot: roots[3]!, proof: [] };
    expect(verifyConsistency(claim)).toBe(false);
    expect(verifyConsistency({ ...claim, proof: [roots[3]!] })).toBe(false);
    expect(verifyConsistency({ ...claim, newSize: 0, newRoot: EMPTY_ROOT })).toBe(false);
  });

  test.each([
    ['a shrinking tree', { newSize: 5 }],
    ['a negative size', { oldSize: -6 }],
    ['a broken size', { oldSize: 5.5 }],
    ['a size that is no number', { newSize: NaN }],
    ['no proof', { proof: [] }],
    ['a short old root', { oldRoot: Buffer.alloc(31) }],
    ['an empty new root', { newRoot: Buffer.alloc(0) }],
    ['a long proof element', { proof: [Buffer.alloc(64)] }],
  ])('fails with %s', (_, change) => {
    expect(verifyConsistency({ ...claimOf(6, 11), ...change })).toBe(false);
  });

  test('fails when the same size is said to have two roots, or needs a proof', () => {
    expect(verifyConsistency({ ...claimOf(4, 4), newRoot: roots[5]! })).toBe(false);
    expect(verifyConsistency({ ...claimOf(4, 4), proof: [roots[4]!] })).toBe(false);
  });

  test(`fails for all pairs up to ${LARGEST} with roots swapped, or the proof changed, cut or lengthened`, () => {
    const wrong = pairs
      .filter(({ oldSize, newSize }) => oldSize < newSize)
      .flatMap((claim) => [
        { ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot },
        { ...claim, oldRoot: roots[claim.oldSize - 1]! },
        { ...claim, newRoot: roots[claim.newSize - 1]! },
        { ...claim, proof: claim.proof.slice(0, -1) },
        { ...claim, proof: claim.proof.slice(1) },
        { ...claim, proof: [...claim.proof, claim.newRoot] },
        { ...claim, proof: [claim.oldRoot, ...claim.proof] },
        ...claim.proof.map((_, at) => ({ ...claim, proof: claim.proof.with(at, claim.newRoot) })),
      ]);
    expect(wrong.filter((claim) => verifyConsistency(claim))).toEqual([]);
  });

  test(`holds for all pairs up to ${LARGEST}`, () => {
    expect(pairs.length).toBe((LARGEST * (LARGEST + 1)) / 2);
    expect(pairs.filter((claim) => !verifyConsistency(claim))).toEqual([]);
  });
});
