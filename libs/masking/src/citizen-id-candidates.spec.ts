import { describe, expect, test } from '@jest/globals';
import { citizenIdCandidates } from './citizen-id-candidates.js';
import { visibleCandidates } from './index.js';

/** Births of 1940 to 2008 by the check character that follows region, birth and sequence, counted one by one. */
function birthsByCheck(region: string, sequence: string): number[] {
  const counts = new Map<string, number>();
  const day = new Date('1940-01-01');
  for (; day.getUTCFullYear() <= 2008; day.setUTCDate(day.getUTCDate() + 1)) {
    const check = checkOf(region + day.toISOString().slice(0, 10).replaceAll('-', '') + sequence);
    counts.set(check, (counts.get(check) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** ISO 7064 MOD 11-2 by repeated doubling, independent of the table of weights. */
function checkOf(digits: string): string {
  let product = 0;
  for (const digit of digits) product = ((product + Number(digit)) * 2) % 11;
  const check = (12 - product) % 11;
  return check === 10 ? 'X' : String(check);
}

describe('the numbers that share what a mask shows', () => {
  test('are 2,288 to 2,298 for first 6 + last 4 (the trust reference names the largest class)', () => {
    expect(citizenIdCandidates(6, 4)).toEqual({ least: 2288, most: 2298 });
    expect(visibleCandidates('keep', { first: 6, last: 4 }, 'citizen-id')).toBe(2288);
  });

  test('are counted alike one by one, for every check character', () => {
    const counts = birthsByCheck('990101', '001');
    expect(counts).toHaveLength(11);
    expect({ least: Math.min(...counts), most: Math.max(...counts) }).toEqual(citizenIdCandidates(6, 4));
    expect(counts.reduce((a, b) => a + b)).toBe(25_203);
  });

  test('are some 34 when the birth year is known', () => {
    expect(citizenIdCandidates(10, 4)).toEqual({ least: 32, most: 35 });
  });

  test('are more than half a thousand million for the default, first 1 + last 1', () => {
    expect(visibleCandidates('keep', {}, 'citizen-id')).toBe(Math.floor((280 * 25_203 * 1000) / 11));
    expect(visibleCandidates('keep', { first: 1, last: 1 }, 'citizen-id')).toBe(641_530_909);
  });

  test('shrink to one when all but the check digit is shown', () => {
    expect(visibleCandidates('keep', { first: 17, last: 0 }, 'citizen-id')).toBe(1);
    expect(visibleCandidates('keep', { first: 13, last: 4 }, 'citizen-id')).toBe(1);
  });

  test('are all there are when the parameters show everything, because then nothing is shown', () => {
    const all = 2800 * 25_203 * 1000;
    expect(visibleCandidates('keep', { first: 14, last: 4 }, 'citizen-id')).toBe(all);
    expect(visibleCandidates('keep', { first: 0, last: 0 }, 'citizen-id')).toBe(all);
    expect(visibleCandidates('hide', {}, 'citizen-id')).toBe(all);
  });

  test('are fewer the more is shown', () => {
    const shownFromTheFront = Array.from({ length: 17 }, (_, first) => citizenIdCandidates(first, 1).least);
    expect(shownFromTheFront).toEqual([...shownFromTheFront].sort((a, b) => b - a));
    expect(visibleCandidates('account', {}, 'citizen-id')).toBe(citizenIdCandidates(0, 4).least);
  });

  test('are counted once for each mask', () => {
    expect(citizenIdCandidates(5, 3)).toBe(citizenIdCandidates(5, 3));
    expect(citizenIdCandidates(17, 3)).toBe(citizenIdCandidates(0, 0));
    expect(citizenIdCandidates(5, 3)).not.toEqual(citizenIdCandidates(3, 5));
  });

  test('are not promised for a rule that is not for IDs', () => {
    expect(visibleCandidates('name', {}, 'citizen-id')).toBeUndefined();
  });
});
