import { describe, expect, test } from '@jest/globals';
import { naiveRoot } from '../testing/naive-tree.js';
import { EMPTY_ROOT, Edge, HASH_SIZE, hashChildren, hashLeaf } from './index.js';

/** The reference tree of Certificate Transparency's own test suites: its entries and the root after each. */
const REFERENCE = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

describe('tree hashes', () => {
  test.each([
    [Buffer.alloc(31), Buffer.alloc(32)],
    [Buffer.alloc(32), Buffer.alloc(33)],
    [Buffer.alloc(0), Buffer.alloc(64)],
  ])('an inner node refuses children that are not 32 bytes (%#)', (left, right) => {
    expect(() => hashChildren(left, right)).toThrow(expect.objectContaining({ problem: 'log-tampered' }));
  });

  test('the empty tree has the hash of nothing', () => {
    expect(HASH_SIZE).toBe(32);
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  test.each(REFERENCE.map(([, root], i) => [i + 1, root] as const))(
    'the tree of the first %i reference entries has the known root',
    (size, root) => {
      const leaves = REFERENCE.slice(0, size).map(([entry]) => hashLeaf(Buffer.from(entry, 'hex')));
      expect(
        leaves
          .reduce((edge, leaf) => edge.append(leaf), Edge.empty())
          .root()
          .toString('hex'),
      ).toBe(root);
      expect(Edge.empty().extend(leaves).root.toString('hex')).toBe(root);
      expect(naiveRoot(leaves).toString('hex')).toBe(root);
    },
  );

  test('the two nodes above the reference leaves are told apart from leaves of the same bytes', () => {
    const [left, right] = [hashLeaf(Buffer.alloc(0)), hashLeaf(Buffer.of(0))];
    expect(hashChildren(left, right)).not.toEqual(hashLeaf(Buffer.concat([left, right])));
  });
});
