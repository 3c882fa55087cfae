import { describe, expect, test } from '@jest/globals';
import { grantState } from './grant-state.js';

const validity = { from: '2026-01-01T00:00:00+08:00', to: '2028-01-01T00:00:00+08:00' };
const at = (text: string) => Date.parse(text);

describe('the state of a grant', () => {
  test.each([
    ['2025-12-31T23:59:59.999+08:00', '未生效：2026-01-01 起'],
    ['2026-01-01T00:00:00+08:00', undefined],
    ['2027-12-01T23:59:59.999+08:00', undefined],
    ['2027-12-02T00:00:00+08:00', '30 天内到期：有效至 2027-12-31'],
    ['2027-12-31T23:59:59.999+08:00', '30 天内到期：有效至 2027-12-31'],
    ['2028-01-01T00:00:00+08:00', '已到期：有效至 2027-12-31'],
  ])('at %s is %s', (now, state) => {
    expect(grantState({ validity }, at(now))).toEqual(state === undefined ? [] : [state]);
  });

  test('of days ends with the last one, in China', () => {
    const days = { validity: { from: '2026-01-01', to: '2026-06-30' } };
    expect(grantState(days, at('2026-06-30T23:59:59+08:00'))).toEqual(['30 天内到期：有效至 2026-06-30']);
    expect(grantState(days, at('2026-07-01T00:00:00+08:00'))).toEqual(['已到期：有效至 2026-06-30']);
  });

  test('that is suspended is told beside how long it would last', () => {
    const suspended = { since: '2026-03-01T20:00:00.000Z', reason: '调查' };
    expect(grantState({ validity, suspended }, at('2026-03-03T00:00:00Z'))).toEqual([
      '已暂停（2026-03-02 起）：调查',
    ]);
    expect(grantState({ validity, suspended }, at('2029-01-01T00:00:00Z'))).toEqual([
      '已到期：有效至 2027-12-31',
      '已暂停（2026-03-02 起）：调查',
    ]);
  });
});
