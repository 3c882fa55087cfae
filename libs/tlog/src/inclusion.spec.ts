import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf, naivePath, naiveRoot } from '../testing/naive-tree.js';
import { verifyInclusion, type InclusionClaim } from './index.js';

const claimOf = (index: number, leaves: Buffer[]): InclusionClaim => ({
  index,
  size: leaves.length,
  leaf: leaves[index]!,
  root: naiveRoot(leaves),
  path: naivePath(index, leaves),
});

const claims = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat())
  .map(([size, index, seed]) => claimOf(index % size, leavesOf(size, seed)));

const flipped = (hash: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(hash);
  const at = bit % (hash.length * 8);
  copy[at >> 3] = copy[at >> 3]! ^ (1 << (at & 7));
  return copy;
};

describe('an inclusion claim', () => {
  test('fails with any bit flipped in leaf, root or path', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.nat(), (claim, part, bit) => {
        const hashes = [claim.leaf, claim.root, ...claim.path];
        const at = part % hashes.length;
        hashes[at] = flipped(hashes[at]!, bit);
        const [leaf, root, ...path] = hashes;
        expect(verifyInclusion({ ...claim, leaf: leaf!, root: root!, path })).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('fails at every other index of its tree', () => {
    const leaves = leavesOf(37);
    for (let index = 0; index < 37; index += 1) {
      const proved = leaves.map((_, other) => verifyInclusion({ ...claimOf(index, leaves), index: other }));
      expect(proved).toEqual(leaves.map((_, other) => other === index));
    }
  });

  test('fails for every other size whose shape of path differs', () => {
    // A path says how often the node was left and right, not the size: sizes that give the same turns prove the same.
    const turns = (index: number, size: number): string => {
      let [fn, sn, text] = [index, size - 1, ''];
      for (; sn > 0; fn >>= 1, sn >>= 1) if (fn % 2 === 1 || fn < sn) text += fn % 2 === 1 ? 'L' : 'R';
      return text;
    };
    const leaves = leavesOf(21);
    for (let index = 0; index < 21; index += 1) {
      const claim = claimOf(index, leaves);
      for (let size = index + 1; size < 70; size += 1) {
        expect(verifyInclusion({ ...claim, size })).toBe(turns(index, size) === turns(index, 21));
      }
    }
  });

  test('fails with a path that is too short or too long', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const longer = [...claim.path, claim.root];
        expect(verifyInclusion({ ...claim, path: longer })).toBe(false);
        expect(verifyInclusion({ ...claim, path: longer.slice(0, -2) })).toBe(longer.length === 1);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['an index outside the tree', { index: 5 }],
    ['a negative index', { index: -1 }],
    ['a broken index', { index: 2.5 }],
    ['an empty tree', { index: 0, size: 0 }],
    ['a size that is no number', { size: NaN }],
    ['an endless tree', { size: Infinity }],
    ['a short leaf', { leaf: Buffer.alloc(31) }],
    ['an empty root', { root: Buffer.alloc(0) }],
    ['a long path element', { path: [Buffer.alloc(33)] }],
  ])('fails with %s', (_, change) => {
    const claim = claimOf(2, leavesOf(5));
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, ...change })).toBe(false);
  });

  test('holds for every leaf of every tree up to 70', () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = leavesOf(size);
      expect(leaves.map((_, index) => verifyInclusion(claimOf(index, leaves)))).toEqual(
        leaves.map(() => true),
      );
    }
  });
});
