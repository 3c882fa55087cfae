import { describe, expect, test } from '@jest/globals';
import { highestNext, MOST_NUMBER, refuseLeap } from './index.js';

const refused = (number: number, newest: number): unknown => {
  try {
    refuseLeap({ provider: 'hrss-990000', number }, newest);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the number of a bundle', () => {
  test.each([
    [1, 0],
    [2_026_112_101, 0],
    [9_999_999_999, 0],
    [4, 3],
    [2_036_112_101, 2_026_112_101],
  ])('may be %d after %d', (number, newest) => {
    expect(refused(number, newest)).toBeUndefined();
  });

  test.each([
    [900_719_925_474_099, 3],
    [900_719_925_474_099, 0],
    [2_026_112_101, 3],
    [MOST_NUMBER, 2_026_112_101],
  ])('may not be %d after %d: the refusal names the number, and what is allowed', (number, newest) => {
    expect(refused(number, newest)).toMatchObject({
      problem: 'bundle-number',
      field: '/number',
      detail: expect.stringContaining(`bundle ${number} of hrss-990000`) as unknown,
    });
  });

  test('leaves room for as many suspensions as anybody will ever sign, however it leaps', () => {
    let newest = 0;
    for (let year = 0; year < 1_000; year += 1) newest = highestNext(newest);
    expect(MOST_NUMBER - newest).toBeGreaterThan(MOST_NUMBER / 2);
    expect(refused(newest + 1, newest)).toBeUndefined();
  });

  test('may follow one that was signed and never arrived, whatever that leapt to', () => {
    for (const newest of [0, 3]) {
      const lost = highestNext(newest);
      expect(refused(lost + 1, newest)).toBeUndefined();
    }
  });
});
