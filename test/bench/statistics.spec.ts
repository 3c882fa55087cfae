import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantile, ratios, slope, summarize } from './statistics.js';

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

describe('what repeated runs came to', () => {
  test('is nothing when there were none, or one of them measured no number', () => {
    expect(() => summarize([])).toThrow(RangeError);
    expect(() => summarize([1, NaN])).toThrow('not a number');
  });

  test('is the middle one with the least and the most; of an even number, the mean of the two in the middle', () => {
    expect(summarize([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9 });
    expect(summarize([4, 1, 9, 2])).toEqual({ median: 3, min: 1, max: 9 });
  });

  test('leaves as many above the median as below it, and changes nothing in the list', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const before = [...values];
        const { median, min, max } = summarize(values);
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        expect(values).toEqual(before);
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
    );
  });
});

describe('a ratio', () => {
  test('needs both of every round', () => {
    expect(() => ratios([1, 2], [1])).toThrow(RangeError);
  });

  test('is taken round by round: a slow moment of the machine that both met does not show', () => {
    expect(ratios([50, 500, 5], [100, 1000, 10])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });
});

describe('a quantile', () => {
  test.each([0, -0.1, 1.1, NaN])('is refused for the share %p', (share) => {
    expect(() => quantile([1], share)).toThrow(RangeError);
  });

  test('is a value of the list that so many do not exceed, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([50, 99, 100]);
    expect(quantile([7], 0.5)).toBe(7);
  });
});

describe('a slope', () => {
  test('needs two places', () => {
    expect(() => slope([])).toThrow(RangeError);
    expect(() =>
      slope([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toThrow('two places');
  });

  test('is that of the line, and of noise around a level it is none', () => {
    const line = [0, 1, 5, 9].map((x) => ({ x, y: 3 + 2 * x }));
    expect(slope(line)).toBeCloseTo(2);
    expect(slope([0, 1, 2, 3].map((x) => ({ x, y: [10, 11, 11, 10][x]! })))).toBeCloseTo(0);
  });
});
