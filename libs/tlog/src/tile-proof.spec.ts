import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf, naivePath, naiveProof, naiveRoot, naiveTiles } from '../testing/naive-tree.js';
import {
  EMPTY_ROOT,
  proveConsistency,
  proveInclusion,
  rootFromTiles,
  tilesCovering,
  verifyConsistency,
  verifyInclusion,
  type TileSource,
} from './index.js';

const LEAVES = leavesOf(65_794);

const notFound = (field: string) => expect.objectContaining({ problem: 'not-found', field });

describe('a proof from tiles', () => {
  const source = naiveTiles(LEAVES.slice(0, 5));

  test('is not made for what is outside the tree', async () => {
    await expect(proveInclusion(source, 5, 5)).rejects.toEqual(notFound('index'));
    await expect(proveInclusion(source, -1, 5)).rejects.toEqual(notFound('index'));
    await expect(proveInclusion(source, 0.5, 5)).rejects.toEqual(notFound('index'));
    await expect(proveInclusion(source, 0, 0)).rejects.toEqual(notFound('size'));
    await expect(proveConsistency(source, 0, 5)).rejects.toEqual(notFound('oldSize'));
    await expect(proveConsistency(source, 6, 5)).rejects.toEqual(notFound('oldSize'));
    await expect(proveConsistency(source, 1, NaN)).rejects.toEqual(notFound('newSize'));
    await expect(rootFromTiles(source, -1)).rejects.toEqual(notFound('size'));
    expect(source.asked).toEqual([]);
  });

  test('fails on a tile of another width, naming it, and with the error of a source that has none', async () => {
    const short: TileSource = { tile: () => Promise.resolve(Buffer.alloc(4 * 32)) };
    await expect(rootFromTiles(short, 5)).rejects.toEqual(
      expect.objectContaining({ problem: 'log-tampered', field: 'tile/0/000.p/5' }),
    );
    await expect(rootFromTiles(source, 6)).rejects.toThrow('no tile 0/0 of width 6');
  });

  test('asks for each tile once', async () => {
    const tiles = naiveTiles(LEAVES.slice(0, 700));
    await proveInclusion(tiles, 3, 700);
    expect([...tiles.asked].sort()).toEqual(['0/0/256', '0/2/188', '1/0/2']);
  });

  test('of nothing is the empty root, without a tile', async () => {
    const tiles = naiveTiles([]);
    expect(await rootFromTiles(tiles, 0)).toEqual(EMPTY_ROOT);
    expect(tiles.asked).toEqual([]);
  });

  test('is the naive proof, for sizes up to 1,100', async () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 1100 }), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(cases, async ([size, a, b]) => {
        const leaves = LEAVES.slice(0, size);
        const [tiles, index, oldSize] = [naiveTiles(leaves), a % size, (b % size) + 1];
        expect(await rootFromTiles(tiles, size)).toEqual(naiveRoot(leaves));
        expect(await proveInclusion(tiles, index, size)).toEqual(naivePath(index, leaves));
        expect(await proveConsistency(tiles, oldSize, size)).toEqual(naiveProof(oldSize, leaves));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [255, [0, 127, 254], [1, 127, 254]],
    [256, [0, 254, 255], [1, 128, 255, 256]],
    [257, [0, 255, 256], [1, 255, 256]],
    [512, [0, 256, 511], [256, 257, 511]],
    [513, [0, 512], [256, 511, 512]],
    [65_535, [65_534], []],
    [65_536, [0], [65_535]],
    [65_537, [65_536], [65_536]],
    [65_794, [65_535, 65_793], [257]],
  ])('is the naive proof and verifies, at the size %i', async (size, indexes, oldSizes) => {
    const leaves = LEAVES.slice(0, size);
    const [tiles, root] = [naiveTiles(leaves), naiveRoot(leaves)];
    expect(await rootFromTiles(tiles, size)).toEqual(root);
    for (const index of indexes) {
      const path = await proveInclusion(tiles, index, size);
      expect(path).toEqual(naivePath(index, leaves));
      expect(verifyInclusion({ index, size, leaf: leaves[index]!, root, path })).toBe(true);
    }
    for (const oldSize of oldSizes) {
      const proof = await proveConsistency(tiles, oldSize, size);
      const oldRoot = naiveRoot(leaves.slice(0, oldSize));
      expect(proof).toEqual(naiveProof(oldSize, leaves));
      expect(verifyConsistency({ oldSize, newSize: size, oldRoot, newRoot: root, proof })).toBe(true);
    }
  });
});

test('a store that writes what tilesCovering names has every tile that a proof needs', async () => {
  const stored = new Map<string, Buffer>();
  const store: TileSource = {
    tile: (level, n, width) => {
      const tile = stored.get(`${level}/${n}/${width}`);
      return tile
        ? Promise.resolve(tile)
        : Promise.reject(new Error(`${level}/${n}/${width} was never written`));
    },
  };
  let size = 0;
  for (const next of [1, 100, 256, 257, 300, 511, 512, 2000, 65_535, 65_537]) {
    const leaves = LEAVES.slice(0, next);
    const tree = naiveTiles(leaves);
    for (const { level, n, width } of tilesCovering(size, next)) {
      stored.set(`${level}/${n}/${width}`, await tree.tile(level, n, width));
    }
    expect(await proveInclusion(store, size, next)).toEqual(naivePath(size, leaves));
    size = next;
  }
});
