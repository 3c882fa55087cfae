import { describe, expect, test } from '@jest/globals';
import { settle, type Place } from './places.js';

const last = { offset: 9, timestamp: '1' };
const settled = (place: Place, low: number, high: number) => {
  const places = new Map([[0, place]]);
  return { remade: settle(places, new Map([[0, { low, high }]])), place: places.get(0) };
};

describe('a place that is held against its partition', () => {
  test.each<[string, Place, number, number, { remade: boolean; place: Place }]>([
    ['inside stays', { next: 10, last }, 0, 12, { remade: false, place: { next: 10, last } }],
    ['at the end stays', { next: 10, last }, 9, 10, { remade: false, place: { next: 10, last } }],
    [
      'whose last record expired is known by nothing',
      { next: 10, last },
      10,
      12,
      { remade: false, place: { next: 10 } },
    ],
    ['behind the end begins again', { next: 10, last }, 3, 9, { remade: true, place: { next: 3 } }],
    ['of an empty topic begins again', { next: 10 }, 0, 0, { remade: true, place: { next: 0 } }],
    ['that took nothing stays', { next: 0 }, 0, 0, { remade: false, place: { next: 0 } }],
  ])('%s', (_, place, low, high, expected) => {
    expect(settled(place, low, high)).toEqual(expected);
  });

  test('whose partition is not there any more begins again', () => {
    const places = new Map<number, Place>([[7, { next: 1 }]]);
    expect(settle(places, new Map([[0, { low: 0, high: 5 }]]))).toBe(true);
    expect(places.get(7)).toEqual({ next: 0 });
  });
});
