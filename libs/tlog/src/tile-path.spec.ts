import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryBundlePath, parseTilePath, tilePath, tilesCovering, type TileName } from './index.js';

describe('a tile path', () => {
  test.each([
    'tile/0/1',
    'tile/0/0001',
    'tile/0/000/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/x001',
    'tile/0/001/002',
    'tile/0/x1/002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/05',
    'tile/0/000.p/1000',
    'tile/0/000.p/',
    'tile/0/000\n',
    'tile/entries',
    'tile/entries/0/000',
    'tile/data/000',
    '/tile/0/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'checkpoint',
    '',
  ])('is not understood when it is not canonical: %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test.each([
    [-1, 0, 1],
    [64, 0, 1],
    [0, -1, 1],
    [0, 1.5, 1],
    [0, 2 ** 53, 1],
    [0, 0, 0],
    [0, 0, 257],
    [0, 0, NaN],
  ])('is not made for a tile that cannot be: %j', (level, n, width) => {
    expect(() => tilePath(level, n, width)).toThrow(RangeError);
  });

  test.each([
    ['tile/0/000', { level: 0, n: 0, width: 256 }],
    ['tile/0/x001/234.p/5', { level: 0, n: 1234, width: 5 }],
    ['tile/63/x001/x234/067', { level: 63, n: 1234067, width: 256 }],
    ['tile/1/x001/000.p/255', { level: 1, n: 1000, width: 255 }],
    ['tile/2/x009/x007/x199/x254/x740/991.p/10', { level: 2, n: Number.MAX_SAFE_INTEGER, width: 10 }],
  ])('%s is read and written as the specification has it', (path, name) => {
    expect(parseTilePath(path)).toEqual(name);
    expect(tilePath(name.level, name.n, name.width)).toBe(path);
  });

  test('of an entry bundle says so', () => {
    expect(entryBundlePath(1234067, 7)).toBe('tile/entries/x001/x234/067.p/7');
    expect(parseTilePath('tile/entries/x001/x234/067.p/7')).toEqual({ entries: true, n: 1234067, width: 7 });
  });

  test('comes back from any tile', () => {
    const tiles = fc.record({
      level: fc.nat(63),
      n: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tiles, (tile) =>
        expect(parseTilePath(tilePath(tile.level, tile.n, tile.width))).toEqual(tile),
      ),
    );
  });
});

describe('the tiles between two sizes', () => {
  const names = (tiles: TileName[]) => tiles.map(({ level, n, width }) => `${level}/${n}/${width}`);

  test.each([
    [5, 4],
    [-1, 4],
    [0, 2 ** 53],
    [0, NaN],
  ])('are not told for %d to %d', (oldSize, newSize) => {
    expect(() => tilesCovering(oldSize, newSize)).toThrow(RangeError);
  });

  test.each([
    [0, 0, []],
    [7, 7, []],
    [0, 1, ['0/0/1']],
    [3, 5, ['0/0/5']],
    [0, 256, ['0/0/256', '1/0/1']],
    [255, 257, ['0/0/256', '0/1/1', '1/0/1']],
    [256, 257, ['0/1/1']],
    [65_535, 65_536, ['0/255/256', '1/0/256', '2/0/1']],
    [65_536, 65_537, ['0/256/1']],
  ])('from %d to %d are the new and the wider ones', (oldSize, newSize, expected) => {
    expect(names(tilesCovering(oldSize, newSize))).toEqual(expected);
  });

  test('of a tree of 70,000 are those of the specification’s example', () => {
    const tiles = tilesCovering(0, 70_000);
    const partial = tiles.filter(({ width }) => width < 256);
    expect(names(partial)).toEqual(['0/273/112', '1/1/17', '2/0/1']);
    expect(tiles.length - partial.length).toBe(274);
  });
});
