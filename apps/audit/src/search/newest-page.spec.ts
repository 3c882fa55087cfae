import { expect, test } from '@jest/globals';
import { newestPage } from './newest-page.js';

const page = (items: string) => newestPage([...items], (item) => item, 3).join('');

test.each([
  ['', ''],
  ['cba', 'cba'],
  ['dcba', 'dcb'],
])('a page of %j ends after so many', (items, expected) => {
  expect(page(items)).toBe(expected);
});

test.each([
  ['dcbba', 'dcbb'],
  ['dccccb', 'dcccc'],
  ['dcb', 'dcb'],
  ['dcbbb', 'dcbbb'],
])(
  'a page of %j is filled to the end of the millisecond, so that going on before it misses none',
  (items, expected) => {
    expect(page(items)).toBe(expected);
  },
);

test('a page is never longer than twice as many', () => {
  expect(page('aaaaaaaaaa')).toBe('aaaaaa');
});
