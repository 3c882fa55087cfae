import { describe, expect, test } from '@jest/globals';
import { manualClock } from '#testing';
import { Smoother } from './smoother.js';

describe('the smoothing of a burst', () => {
  test('lets a full burst through at once and makes the next question wait for its share', async () => {
    const smoother = new Smoother(Date.now);
    const started = Date.now();
    const deadline = started + 10_000;
    await Promise.all(Array.from({ length: 10 }, () => smoother.take('a', 10, 100, deadline)));
    expect(Date.now() - started).toBeLessThan(50);
    await smoother.take('a', 20, 100, deadline);
    expect(Date.now() - started).toBeGreaterThanOrEqual(150);
  });

  test('refuses what would wait beyond its deadline, says when to come again, and takes nothing for it', async () => {
    const clock = manualClock();
    const smoother = new Smoother(clock);
    await smoother.take('a', 100, 100, clock() + 1_000);
    const refused = smoother.take('a', 100, 100, clock() + 500);
    await expect(refused).rejects.toMatchObject({ problem: 'burst', extensions: { retryAfter: 1 } });
    clock.advance(1_000);
    await smoother.take('a', 100, 100, clock() + 1);
  });

  test('refuses a call that no burst can hold', async () => {
    await expect(new Smoother(Date.now).take('a', 101, 100, Date.now() + 1_000)).rejects.toMatchObject({
      problem: 'burst',
      extensions: { limit: 100 },
    });
  });

  test('keeps grants apart', async () => {
    const clock = manualClock();
    const smoother = new Smoother(clock);
    await smoother.take('a', 100, 100, clock() + 1);
    await smoother.take('b', 100, 100, clock() + 1);
  });
});
