import { expect, test } from '@jest/globals';
import { Unanswered } from './unanswered.js';

test('an exchange may have a late answer until its time is over, or until one is recorded', () => {
  const unanswered = new Unanswered();
  unanswered.add('a', 100, 0);
  unanswered.add('b', 200, 0);
  unanswered.remove('b');
  expect([unanswered.until('a', 99), unanswered.until('a', 100)]).toEqual([100, undefined]);
  expect([unanswered.until('b', 0), unanswered.until('never asked', 0)]).toEqual([undefined, undefined]);
});

test('exchanges whose time is over are forgotten, and the oldest of too many', () => {
  const unanswered = new Unanswered();
  for (let i = 0; i < 10; i += 1) unanswered.add(String(i), 100 + i, 0);
  unanswered.add('later', 1_000, 105);
  expect(unanswered.size).toBe(5);
  for (let i = 0; i < 100_000; i += 1) unanswered.add(`more ${i}`, 1_000, 500);
  expect(unanswered.size).toBe(100_000);
  expect([unanswered.until('later', 500), unanswered.until('more 0', 500)]).toEqual([undefined, 1_000]);
});

test('the same is told once of an exchange, and nothing of one that waits for no answer', () => {
  const unanswered = new Unanswered();
  unanswered.add('a', 100, 0);
  unanswered.add('b', 100, 0);
  const told = ['a x', 'a x', 'a y', 'b x', 'c x'].map((both) => {
    const [exchange, word] = both.split(' ') as [string, string];
    return unanswered.isNews(exchange, word);
  });
  expect(told).toEqual([true, false, true, true, false]);
});
