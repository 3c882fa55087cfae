import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Faults } from '../index.js';

const T = 'topic';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function pass(faults: Faults, count: number, topic = T): number[] {
  const arrived: number[] = [];
  for (const number of numbers(count)) faults.pass(topic, () => arrived.push(number));
  return arrived;
}

describe('faults', () => {
  test('that nobody asked for do not happen, and stay within their topic', () => {
    const faults = new Faults();
    faults.lose(T, 5);
    expect(pass(faults, 3, 'another')).toEqual([0, 1, 2]);
  });

  test('lose the next records, then no more', () => {
    const faults = new Faults();
    faults.lose(T, 2);
    expect(pass(faults, 4)).toEqual([2, 3]);
  });

  test('lose the same records with the same seed', () => {
    const lossy = (seed: number) => {
      const faults = new Faults(seed);
      faults.loseRandomly(T, 0.5);
      return pass(faults, 100);
    };
    expect(lossy(1).length).toBeGreaterThan(30);
    expect(lossy(1).length).toBeLessThan(70);
    expect(lossy(1)).toEqual(lossy(1));
    expect(lossy(2)).not.toEqual(lossy(1));
  });

  test('duplicate the next records, then no more', () => {
    const faults = new Faults();
    faults.duplicate(T, 1);
    expect(pass(faults, 3)).toEqual([0, 0, 1, 2]);
  });

  test('reorder keeps every record, in another order, also when the window is never filled', async () => {
    const faults = new Faults();
    faults.reorder(T, 5);
    const arrived = pass(faults, 8);
    expect(arrived).not.toEqual([0, 1, 2, 3, 4]);
    expect([...arrived].sort()).toEqual([0, 1, 2, 3, 4]);
    await sleep(60);
    expect([...arrived].sort()).toEqual(numbers(8));
    expect(arrived.slice(5)).not.toEqual([5, 6, 7]);
  });

  test('delay until they are cleared; what was held back by a window arrives then', async () => {
    const faults = new Faults();
    faults.delay(T, 40);
    const late = pass(faults, 2);
    expect(late).toEqual([]);
    await sleep(70);
    expect(late).toEqual([0, 1]);
    faults.clear();
    faults.reorder(T, 10);
    const held = pass(faults, 2);
    expect(held).toEqual([]);
    faults.clear();
    expect([...held].sort()).toEqual([0, 1]);
    expect(pass(faults, 2)).toEqual([0, 1]);
  });
});
