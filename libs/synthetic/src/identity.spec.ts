import { describe, expect, test } from '@jest/globals';
import { parseCitizenId } from '#identifiers';
import { drawFor } from './draw.js';
import { citizenId, permanentResidence } from './identity.js';

/** Every 97th person up to the largest province, and everybody where the numbers of a day run out. */
const INDEXES = [
  ...Array.from({ length: 61_855 }, (_, n) => n * 97),
  ...Array.from({ length: 30_000 }, (_, n) => 1_600_000 + n),
];

describe('a synthetic person’s number', () => {
  test.each(['working-age', 'pension-age', 'before-pension-age'] as const)(
    'is one of its own and well-formed for each of six million (%s)',
    (born) => {
      const numbers = [...new Set(INDEXES)].map((index) => citizenId(1, index, drawFor(1, index), born));
      expect(new Set(numbers).size).toBe(numbers.length);
      const malformed = numbers.filter((text) => !/^99\d{15}[\dX]$/.test(text));
      expect(malformed).toEqual([]);
      for (const text of numbers.slice(-100)) {
        const parsed = parseCitizenId(text, { today: '2026-10-31', synthetic: 'accept', field: '/x' });
        expect(parsed.normal).toBe(text);
      }
    },
  );

  test('of a foreigner’s residence card is one of its own for each of six million', () => {
    const numbers = INDEXES.map((index) => permanentResidence(1, index, drawFor(1, index)));
    expect(new Set(numbers).size).toBe(new Set(INDEXES).size);
    expect(numbers.filter((text) => !/^900999\d{11}[\dX]$/.test(text))).toEqual([]);
  });

  test('shortly before the age of a pension is a man’s under 60, in the largest province too', () => {
    const numbers = INDEXES.map((index) =>
      citizenId(2_147_483_647, index, drawFor(1, index), 'before-pension-age'),
    );
    const others = numbers.filter(
      (text) =>
        Number(text[16]) % 2 === 0 || text.slice(6, 14) < '19670701' || text.slice(6, 14) > '19720701',
    );
    expect(others).toEqual([]);
  });
});
