import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Edge, TILE_WIDTH, hashLeaf, rootFromTiles, type TileSource } from '#tlog';
import { splitHashes } from './peers/peer-store.js';
import { type FullTile, TileStack, perfectRoot } from './tile-stack.js';

const leaf = (i: number) => hashLeaf(Buffer.from(String(i)));
const leaves = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => leaf(from + i));

describe('a stack of unfinished tiles', () => {
  test('has the right edge of the tree, however the leaves came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 5 }), (batches) => {
        let [edge, stack] = [Edge.empty(), TileStack.empty()];
        for (const batch of batches) {
          const added = leaves(edge.size, edge.size + batch);
          edge = edge.extend(added).edge;
          stack = stack.extend(added).stack;
        }
        expect(stack.edge()).toEqual([...edge.hashes]);
        expect(stack.size).toBe(edge.size);
      }),
      { numRuns: 25 },
    );
  });

  test('gives each full tile once, and the tiles give the root', async () => {
    const size = TILE_WIDTH * TILE_WIDTH + TILE_WIDTH + 3;
    const tiles: FullTile[] = [];
    let stack = TileStack.empty();
    for (let at = 0; at < size; at += 1_000) {
      const grown = stack.extend(leaves(at, Math.min(at + 1_000, size)));
      tiles.push(...grown.tiles);
      stack = grown.stack;
    }
    expect(tiles.filter(({ level }) => level === 0).map(({ n }) => n)).toEqual([...Array(257).keys()]);
    expect(tiles.filter(({ level }) => level === 1).map(({ n }) => n)).toEqual([0]);
    const full = new Map(tiles.map((tile) => [`${tile.level}/${tile.n}`, tile.hashes]));
    const below = (level: number, n: number) => perfectRoot(splitHashes(full.get(`${level}/${n}`)!));
    const unfinished = (level: number, n: number, width: number) =>
      level === 0
        ? leaves(n * TILE_WIDTH, n * TILE_WIDTH + width)
        : Array.from({ length: width }, (_, i) => below(level - 1, n * TILE_WIDTH + i));
    const source: TileSource = {
      tile: (level, n, width) =>
        Promise.resolve(full.get(`${level}/${n}`) ?? Buffer.concat(unfinished(level, n, width))),
    };
    expect(await rootFromTiles(source, size)).toEqual(Edge.empty().extend(leaves(0, size)).root);
  });

  test('stays as it was when it is extended', () => {
    const { stack } = TileStack.empty().extend(leaves(0, 300));
    const before = stack.edge();
    stack.extend(leaves(300, 900));
    expect(stack.edge()).toEqual(before);
  });
});
