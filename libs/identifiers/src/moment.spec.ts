import { describe, expect, test } from '@jest/globals';
import { endMoment, moment } from './index.js';

const iso = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

describe('a moment that somebody names', () => {
  test('as a day is that day in China: it starts with its first instant and ends with the next day’s', () => {
    expect(iso(moment('2026-03-02'))).toBe('2026-03-01T16:00:00.000Z');
    expect(iso(endMoment('2026-03-02'))).toBe('2026-03-02T16:00:00.000Z');
    expect(iso(endMoment('2028-02-29'))).toBe('2028-02-29T16:00:00.000Z');
  });

  test.each([
    ['2026-03-02T08:00Z', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T08:00:00+08:00', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T08:00:00.5Z', '2026-03-02T08:00:00.500Z'],
    ['2026-02-28T23:59:59.999-01:00', '2026-03-01T00:59:59.999Z'],
  ])('as a time with its zone is that instant, at either end: %s', (text, at) => {
    expect([iso(moment(text)), iso(endMoment(text))]).toEqual([at, at]);
  });

  test.each([
    ...[
      '',
      'yesterday',
      '2026',
      '2026-03',
      '2026-3-2',
      '20260302',
      '2026-W10-1',
      '2026-061',
      '２０２６-03-02',
    ],
    ...['2026-13-01', '2026-02-29', '2026-02-30', '2026-02-30T00:00:00Z', '2026-04-31T00:00+08:00'],
    ...['2026-03-02T08:00:00', '2026-03-02T08:00', '2026-03-02 08:00:00Z', '2026-03-02T25:00:00Z'],
    ...['2026-03-02T08:61Z', '2026-03-02T08:00:00.1234Z', '2026-03-02T08:00:00+0800', '2026-03-02T08Z'],
    ...[' 2026-03-02', '2026-03-02\n', '2026-03-02T08:00:00Z; drop', '+002026-03-02', '2026-03-02T08:00z'],
  ])('is refused when it is none, or says no zone: %j', (text) => {
    expect([moment(text), endMoment(text)]).toEqual([undefined, undefined]);
  });
});
