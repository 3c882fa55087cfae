import { describe, expect, test } from '@jest/globals';
import { WaitingList, type Tried } from './waiting-list.js';

/** Tries that end as the map says, in the order that they were made. */
function bench(ends: Record<string, Tried> = {}) {
  const [tried, over]: [string[], string[]] = [[], []];
  const list = new WaitingList<string>();
  const attempt = (item: string): Promise<Tried> => {
    tried.push(item);
    return Promise.resolve(ends[item] ?? 'done');
  };
  const round = (now = 0): Promise<void> => list.round(now, attempt, (item) => void over.push(item));
  return { list, tried, over, round };
}

const LATER = 1_000;
const MIB = 1024 * 1024;

describe('what waits', () => {
  test('is tried once a round, until it is done', async () => {
    const ends: Record<string, Tried> = { b: 'not-yet' };
    const { list, tried, round } = bench(ends);
    for (const item of ['a', 'b', 'c']) list.add(item, LATER, 0);
    await round();
    expect([tried, list.size]).toEqual([['a', 'b', 'c'], 1]);
    ends['b'] = 'done';
    await round();
    expect([tried, list.size]).toEqual([['a', 'b', 'c', 'b'], 0]);
  });

  test('is told and tried no more when its time is over', async () => {
    const { list, tried, over, round } = bench({ a: 'not-yet', b: 'not-yet' });
    list.add('a', LATER, 0);
    list.add('b', LATER + 1, 0);
    await round(LATER);
    expect([tried, over, list.size]).toEqual([['b'], ['a'], 1]);
  });

  test('is not tried one after the other when nothing can be done, and those behind have their turn the next time', async () => {
    const names = Array.from({ length: 40 }, (_, index) => String(index));
    const { list, tried, round } = bench(Object.fromEntries(names.map((name) => [name, 'unable'])));
    for (const name of names) list.add(name, LATER, 0);
    await round();
    expect(tried).toEqual(names.slice(0, 16));
    await round();
    await round();
    expect(new Set(tried)).toEqual(new Set(names));
    expect(list.size).toBe(40);
  });

  test('keeps its turn when it was passed over, before those that were tried and those that came later', async () => {
    const ends: Record<string, Tried> = { a: 'not-yet', b: 'passed-over', c: 'passed-over' };
    const { list, tried, round } = bench(ends);
    for (const item of ['a', 'b', 'c']) list.add(item, LATER, 0);
    await round();
    list.add('d', LATER, 0);
    await round();
    expect(tried).toEqual(['a', 'b', 'c', 'b', 'c', 'a', 'd']);
    expect(list.size).toBe(3);
  });

  test('stays when it was added while a round went on', async () => {
    const list = new WaitingList<string>();
    list.add('a', LATER, 0);
    await list.round(
      0,
      () => Promise.resolve(list.add('b', LATER, 0) ? 'done' : 'unable'),
      () => undefined,
    );
    expect(list.size).toBe(1);
  });

  test('may weigh more later, as long as there is room, or less', () => {
    const { list } = bench();
    list.add('a', LATER, 20 * MIB);
    list.add('b', LATER, 10 * MIB);
    expect([list.weigh('b', 13 * MIB), list.weigh('b', 12 * MIB), list.weigh('a', MIB)]).toEqual([
      false,
      true,
      true,
    ]);
    expect([list.add('c', LATER, 20 * MIB), list.add('d', LATER, 0)]).toEqual([false, true]);
    expect([list.add('e', LATER, 19 * MIB), list.weigh('nobody', 33 * MIB)]).toEqual([true, true]);
  });

  test('leaves room, where it may fill only a share of it, for what may fill all', () => {
    const { list } = bench();
    expect([list.add('a', LATER, 16 * MIB, 0.75), list.weigh('a', 24 * MIB, 0.75)]).toEqual([true, true]);
    expect([list.add('b', LATER, 1, 0.75), list.weigh('a', 24 * MIB + 1, 0.75)]).toEqual([false, false]);
    expect([list.add('c', LATER, 8 * MIB), list.add('d', LATER, 1)]).toEqual([true, false]);
    for (let i = list.size; i < 7_500; i += 1) list.add(String(i), LATER, 0, 0.75);
    expect([list.add('e', LATER, 0, 0.75), list.add('f', LATER, 0)]).toEqual([false, true]);
  });

  test('is bounded in bytes and in number, and has room again for what is done', async () => {
    const { list, round } = bench();
    for (let i = 0; i < 8; i += 1) expect(list.add(String(i), LATER, 4 * MIB)).toBe(true);
    expect(list.add('too much', LATER, 1)).toBe(false);
    await round();
    for (let i = 0; i < 10_000; i += 1) expect(list.add(String(i), LATER, 1)).toBe(true);
    expect(list.add('too many', LATER, 0)).toBe(false);
    await round(LATER);
    expect([list.size, list.add('room again', LATER, 32 * MIB)]).toEqual([0, true]);
  });
});
