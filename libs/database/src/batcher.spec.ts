import { describe, expect, test } from '@jest/globals';
import { Batcher } from './batcher.js';

/** Runs batches one after another, keeps what they held, and fails one that holds a negative number. */
function recorded() {
  const batches: number[][] = [];
  const run = async (items: readonly number[]) => {
    batches.push([...items]);
    await new Promise((resolve) => setImmediate(resolve));
    if (items.some((item) => item < 0)) throw new Error('bad batch');
    return items.map((item) => item * 10);
  };
  return { batches, run };
}

describe('a batcher', () => {
  test('sends the first at once and what came meanwhile together, each with its own result', async () => {
    const { batches, run } = recorded();
    const batcher = new Batcher(run, 100);
    expect(await Promise.all([1, 2, 3].map((item) => batcher.add(item, 1)))).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  test('keeps a batch within its weight, and lets a heavier item go alone', async () => {
    const { batches, run } = recorded();
    const batcher = new Batcher(run, 10);
    await Promise.all([1, 6, 4, 1, 25, 9].map((weight) => batcher.add(weight, weight)));
    expect(batches).toEqual([[1], [6, 4], [1], [25], [9]]);
  });

  test('fails the items of a failed batch and goes on', async () => {
    const { run } = recorded();
    const batcher = new Batcher(run, 1);
    const results = await Promise.allSettled([1, -2, 3].map((item) => batcher.add(item, 1)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('fails rather than guess when results are missing', async () => {
    const batcher = new Batcher<number, number>(() => Promise.resolve([]), 10);
    await expect(batcher.add(1, 1)).rejects.toThrow('another number of results');
  });
});
