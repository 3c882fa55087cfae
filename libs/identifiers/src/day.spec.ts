import { expect, test } from '@jest/globals';
import { shanghaiDay } from './index.js';

test.each([
  ['2026-03-01T15:59:59.999Z', '2026-03-01'],
  ['2026-03-01T16:00:00.000Z', '2026-03-02'],
  ['2026-12-31T16:00:00.000Z', '2027-01-01'],
])('%s is on the day %s in China', (instant, day) => {
  expect(shanghaiDay(Date.parse(instant))).toBe(day);
});
