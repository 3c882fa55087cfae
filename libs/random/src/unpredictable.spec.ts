import { expect, test } from '@jest/globals';
import { unpredictable } from './index.js';

test('gives as many bytes as asked for, of the pool or beyond it', () => {
  expect([0, 1, 12, 16, 8_192, 8_193].map((size) => unpredictable(size).length)).toEqual([
    0, 1, 12, 16, 8_192, 8_193,
  ]);
});

test('gives nothing twice, and nothing that a later call changes', () => {
  const drawn = Array.from({ length: 5_000 }, () => unpredictable(16));
  const texts = drawn.map((bytes) => bytes.toString('hex'));
  unpredictable(8_192);
  expect(new Set(texts).size).toBe(5_000);
  expect(drawn.map((bytes) => bytes.toString('hex'))).toEqual(texts);
});

test('uses every value of a byte about as often as any other', () => {
  const counts = new Array<number>(256).fill(0);
  for (let n = 0; n < 16_384; n += 1) for (const byte of unpredictable(16)) counts[byte]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(800); // 1,024 each; seven standard deviations
  expect(Math.max(...counts)).toBeLessThan(1_250);
});
