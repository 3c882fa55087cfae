import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf, naivePath, naiveRoot } from '../testing/naive-tree.js';
import { EMPTY_ROOT, Edge, verifyInclusion } from './index.js';

const tampered = expect.objectContaining({ problem: 'log-tampered' });

describe('an edge', () => {
  test.each([
    ['one hash too few', 3, 1],
    ['one hash too many', 4, 2],
    ['hashes for an empty tree', 0, 1],
    ['a negative size', -1, 1],
    ['a broken size', 1.5, 1],
    ['a size beyond exact numbers', 2 ** 53, 1],
    ['no number', NaN, 0],
  ])('is refused with %s', (_, size, count) => {
    expect(() => Edge.from(size, leavesOf(count))).toThrow(tampered);
  });

  test('is refused with a hash that is not 32 bytes, and takes no such leaf', () => {
    expect(() => Edge.from(1, [Buffer.alloc(31)])).toThrow(tampered);
    expect(() => Edge.empty().append(Buffer.alloc(33))).toThrow(tampered);
    expect(() => Edge.empty().extend([Buffer.alloc(32), Buffer.alloc(0)])).toThrow(tampered);
  });

  test('of nothing has no hashes and the empty root', () => {
    const { edge, root, paths } = Edge.empty().extend([]);
    expect({ size: edge.size, hashes: edge.hashes, root, paths }).toEqual({
      size: 0,
      hashes: [],
      root: EMPTY_ROOT,
      paths: [],
    });
  });

  test('holds full subtrees from left to right, largest first', () => {
    const leaves = leavesOf(7);
    const edge = Edge.empty().extend(leaves).edge;
    expect(edge.hashes).toEqual([
      naiveRoot(leaves.slice(0, 4)),
      naiveRoot(leaves.slice(4, 6)),
      naiveRoot(leaves.slice(6)),
    ]);
  });

  test('is not changed by growing, nor by the list it was made from', () => {
    const hashes = leavesOf(1);
    const edge = Edge.from(1, hashes);
    const root = edge.root();
    edge.append(leavesOf(2)[1]!);
    edge.extend(leavesOf(5));
    hashes.length = 0;
    expect({ size: edge.size, root: edge.root() }).toEqual({ size: 1, root });
  });

  test('grown in any batches gives the naive tree: root, edge, and the path of every leaf of the last batch', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }), fc.nat(), (batches, seed) => {
        const leaves = leavesOf(
          batches.reduce((a, b) => a + b),
          seed,
        );
        let grown = Edge.empty().extend([]);
        for (const batch of batches) {
          grown = grown.edge.extend(leaves.slice(grown.edge.size, grown.edge.size + batch));
        }
        const first = leaves.length - batches.at(-1)!;
        expect(grown.root).toEqual(naiveRoot(leaves));
        expect(grown.edge.root()).toEqual(naiveRoot(leaves));
        expect(grown.paths).toEqual(leaves.slice(first).map((_, i) => naivePath(first + i, leaves)));
        const oneByOne = leaves.reduce((edge, leaf) => edge.append(leaf), Edge.empty());
        expect(Edge.from(grown.edge.size, grown.edge.hashes)).toEqual(oneByOne);
      }),
      { numRuns: 150 },
    );
  });

  test.each([2 ** 32 - 3, 2 ** 40 + 2 ** 31 + 5, 2 ** 52 - 2])(
    'counts right beyond 32 bits: a batch on %i leaves',
    (size) => {
      const ones = [...size.toString(2)].filter((bit) => bit === '1').length;
      const edge = Edge.from(size, leavesOf(ones));
      const batch = leavesOf(11, 1);
      const grown = edge.extend(batch);
      expect(grown.edge).toEqual(batch.reduce((each, leaf) => each.append(leaf), edge));
      expect(grown.root).toEqual(grown.edge.root());
      const { root } = grown;
      const verified = batch.map((leaf, i) =>
        verifyInclusion({ index: size + i, size: size + 11, leaf, root, path: grown.paths[i]! }),
      );
      expect(verified).toEqual(batch.map(() => true));
    },
  );
});
