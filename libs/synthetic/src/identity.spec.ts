import { describe, expect, test } from '@jest/globals';
import { parseCitizenId } from '#identifiers';
import { drawFor } from './draw.js';
import { citizenId } from './identity.js';

/** Every 97th person up to the largest province, and everybody where the numbers of a day run out. */
const INDEXES = [
  ...Array.from({ length: 61_855 }, (_, n) => n * 97),
  ...Array.from({ length: 30_000 }, (_, n) => 1_600_000 + n),
];

describe('a synthetic person’s number', () => {
  test.each([false, true])(
    'is one of its own and well-formed for each of six million (retired: %s)',
    (retired) => {
      const numbers = [...new Set(INDEXES)].map((index) => citizenId(1, index, drawFor(1, index), retired));
      expect(new Set(numbers).size).toBe(numbers.length);
      const malformed = numbers.filter((text) => !/^99\d{15}[\dX]$/.test(text));
      expect(malformed).toEqual([]);
      for (const text of numbers.slice(-100)) {
        const parsed = parseCitizenId(text, { today: '2026-10-31', synthetic: 'accept', field: '/x' });
        expect(parsed.normal).toBe(text);
      }
    },
  );
});
