import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { citizenIdCheckDigit, parseCitizenId, parseUscc } from '#identifiers';
import { manualClock, person, unit } from './index.js';

test('every synthetic person and unit has an identifier that the product accepts, in region 99', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(999_999), (first, second) => {
      const { idNumber, phone } = person(first);
      expect(idNumber).toMatch(/^99\d{15}[\dX]$/);
      expect(citizenIdCheckDigit(idNumber.slice(0, 17))).toBe(idNumber.at(-1));
      expect(phone).toMatch(/^100\d{8}$/);
      expect(unit(second).uscc).toMatch(/^9199/);
    }),
  );
  const demo = { today: '2026-03-02', synthetic: 'accept' } as const;
  expect(parseCitizenId(person(41).idNumber, demo).normal).toBe(person(41).idNumber);
  expect(parseUscc(unit(41).uscc, demo)).toMatchObject({ normal: unit(41).uscc, notices: [] });
});

test('another seed is another person and another unit', () => {
  const seeds = Array.from({ length: 20_000 }, (_, seed) => seed * 37);
  expect(new Set(seeds.map((seed) => person(seed).idNumber)).size).toBe(seeds.length);
  expect(new Set(seeds.map((seed) => unit(seed).uscc)).size).toBe(seeds.length);
});

test('a manual clock stands still until it is moved', () => {
  const clock = manualClock('2026-03-02T00:00:00.000Z');
  expect([clock(), clock.now()]).toEqual([1772409600000, 1772409600000]);
  clock.advance(1_500);
  expect(clock()).toBe(1772409601500);
  clock.set('2027-01-01T00:00:00.000Z');
  expect(clock()).toBe(1798761600000);
  expect(() => clock.set('soon')).toThrow('not a time');
});
