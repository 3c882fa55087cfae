import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { coded, documentNumber, month, monthParam, months, monthsParam, number } from './index.js';
import { type SourceQuestion } from './query-handler.js';

const refusal = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    const { problem, detail, cause } = Problem.from(error);
    return { problem, detail, cause };
  }
};

describe('a reader of the source', () => {
  test('refuses a code that is not mapped, also one that every object has, and does not repeat it', () => {
    const read = coded({ '01': 'normal' });
    for (const code of ['02', '1', '', 'constructor', '__proto__', 1]) {
      expect(refusal(() => read(code))).toEqual({
        problem: 'provider-contract',
        detail: 'the source holds a code that is not mapped',
        cause: undefined,
      });
    }
    expect([read('01'), read(null), read(undefined)]).toEqual(['normal', undefined, undefined]);
  });

  test('refuses a month that is none, and does not repeat it', () => {
    for (const value of [0, 202_413, 20_240_101, '', 'x']) {
      expect(refusal(() => month(value))).toEqual({
        problem: 'provider-contract',
        detail: 'the source holds a month that is not mapped',
        cause: undefined,
      });
    }
  });

  test('brings 15 digits to 18, and leaves every other number as the source has it', () => {
    expect([documentNumber('990102841212001'), documentNumber(null)]).toEqual([
      '990102198412120011',
      undefined,
    ]);
    for (const other of ['990102198412120011', 'ZZ1', 'FRA110081010001', ''])
      expect(documentNumber(other)).toBe(other);
  });

  test('reads months and numbers as the drivers give them, and nothing as nothing', () => {
    expect([month(202_403), month('202403'), month(null)]).toEqual(['2024-03', '2024-03', undefined]);
    expect([months([202_312, 202_401]), months([]), months(null)]).toEqual([
      ['2023-12', '2024-01'],
      [],
      undefined,
    ]);
    expect([number('5400.50'), number(0), number(null)]).toEqual([5400.5, 0, undefined]);
  });

  test('writes the asked months as the sources have them', () => {
    const question = { params: { months: { from: '2025-12', to: '2026-02' }, month: '2026-09' } };
    expect(monthsParam(question as unknown as SourceQuestion)).toEqual({
      from_month: 202_512,
      to_month: 202_602,
    });
    expect(monthParam(question as unknown as SourceQuestion)).toEqual({ month: 202_609 });
  });
});
