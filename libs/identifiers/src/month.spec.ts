import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { addMonths, monthRange, monthsBetween, parseMonth, type Month } from './index.js';

const problemOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    const { problem, detail, field } = Problem.from(error);
    return { problem, detail, field };
  }
};

describe('a month', () => {
  test.each([
    '',
    '2024',
    '2024-13',
    '2024-00',
    '2024-1',
    '202413',
    '1899-12',
    '2100-01',
    '2024-01-01',
    '２０２４-01',
  ])('is not read from %j', (text) => {
    expect(problemOf(() => parseMonth(text, '/params/from'))).toEqual({
      problem: 'schema-invalid',
      detail: 'month',
      field: '/params/from',
    });
  });

  test('is read with and without its hyphen', () => {
    expect([parseMonth('2024-03'), parseMonth('202403')]).toEqual(['2024-03', '2024-03']);
  });

  test.each<[Month, number, Month]>([
    ['2024-01', -1, '2023-12'],
    ['2024-12', 1, '2025-01'],
    ['2024-05', 0, '2024-05'],
    ['2024-05', 24, '2026-05'],
    ['2024-05', -29, '2021-12'],
  ])('%s plus %i is %s', (month, count, expected) => {
    expect(addMonths(month, count)).toBe(expected);
  });

  test.each([912, -1489, 0.5, Number.NaN, -1e9])('%s months from 2024-01 there is none', (count) => {
    expect(problemOf(() => addMonths('2024-01', count))).toMatchObject({ detail: 'month' });
  });
});

describe('a range of months', () => {
  test('that runs backwards is refused, so that it passes no limit', () => {
    const refused = { problem: 'schema-invalid', detail: 'months-reversed', field: '/params' };
    expect(problemOf(() => monthsBetween('2024-03', '2024-02', '/params'))).toEqual(refused);
    expect(problemOf(() => monthRange('2024-03', '2023-12', '/params'))).toEqual(refused);
  });

  test('includes both ends', () => {
    expect(monthsBetween('2024-03', '2024-03')).toBe(1);
    expect(monthsBetween('2023-11', '2024-02')).toBe(4);
    expect(monthRange('2023-11', '2024-02')).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
  });

  test('is as long as the months added to its start', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(500),
        (year, of, count) => {
          const from = parseMonth(`${year}-${String(of).padStart(2, '0')}`);
          const to = addMonths(from, count);
          expect(monthsBetween(from, to)).toBe(count + 1);
          expect(monthRange(from, to).at(-1)).toBe(to);
          expect(addMonths(to, -count)).toBe(from);
        },
      ),
    );
  });
});
