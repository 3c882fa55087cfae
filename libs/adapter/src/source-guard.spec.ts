import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { SourceGuard, type SourceLimits, type TimeLeft } from './source-guard.js';
import { type QueryHandler, type SourceReply } from './query-handler.js';

const limits: SourceLimits = { concurrency: 2, timeoutMs: 100, errorPercentage: 50, resetMs: 80 };
const reply: SourceReply = { dataTime: new Date(0), findings: new Map([[0, { answer: 'none' }]]) };
const question = {
  query: 'HR-SI-01@1' as const,
  region: '990100',
  subjects: [],
  fields: new Set<string>(),
  params: {},
};
/** The time of a question that comes at once. */
const within = (ms: number): TimeLeft => ({ leftMs: ms, givenMs: ms });
const handler = (lookUp: QueryHandler['lookUp']): QueryHandler => ({ query: 'HR-SI-01@1', lookUp });
const never = handler(() => new Promise(() => undefined));
const failing = handler(() => Promise.reject(new Error('ORA-12541 host db-7')));
const healthy = handler(() => Promise.resolve(reply));

let guard: SourceGuard;
afterEach(() => guard.close());

const problemOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  return 'answered';
};

describe('the guard before a source', () => {
  test('gives up on a source that hangs, and tells it so', async () => {
    guard = new SourceGuard(limits);
    let aborted = false;
    const hanging = handler(({ signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise(() => undefined);
    });
    expect(await problemOf(guard.lookUp(hanging, question, within(10_000)))).toBe('source-timeout');
    expect(aborted).toBe(true);
  });

  test('waits no longer than the exchange has', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 60_000 });
    const started = Date.now();
    expect(await problemOf(guard.lookUp(never, question, within(50)))).toBe('source-timeout');
    expect(Date.now() - started).toBeLessThan(1_000);
  });

  test('lets in no more questions than the source can hold', async () => {
    guard = new SourceGuard(limits);
    const inside = [
      guard.lookUp(never, question, within(100)),
      guard.lookUp(never, question, within(100)),
    ].map(problemOf);
    expect(await problemOf(guard.lookUp(healthy, question, within(100)))).toBe('source-unavailable');
    expect(await Promise.all(inside)).toEqual(['source-timeout', 'source-timeout']);
  });

  test('lets questions wait for a place, in order, and answers them all', async () => {
    guard = new SourceGuard(limits);
    const begun: number[] = [];
    const busy = (n: number) =>
      handler(async () => {
        begun.push(n);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return reply;
      });
    const asked = Array.from({ length: 20 }, (_, n) => guard.lookUp(busy(n), question, within(5_000)));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 20 }, () => reply));
    expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('sends away those who wait once its breaker opens', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 60_000 });
    const ends: ((error: Error) => void)[] = [];
    const broken = handler(() => new Promise((_, reject) => ends.push(reject)));
    const asked = Array.from({ length: 12 }, () => problemOf(guard.lookUp(broken, question, within(60_000))));
    while (guard.state !== 'open') {
      ends.splice(0).forEach((end) => end(new Error('down')));
      await new Promise(setImmediate);
    }
    ends.splice(0).forEach((end) => end(new Error('down')));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 12 }, () => 'source-unavailable'));
    expect(await problemOf(guard.lookUp(healthy, question, within(60_000)))).toBe('source-unavailable');
  });

  test('does not ask for one who has waited nearly all of its time', async () => {
    guard = new SourceGuard({ ...limits, concurrency: 1, timeoutMs: 1_000 });
    let free: (reply: SourceReply) => void = () => undefined;
    const first = guard.lookUp(
      handler(() => new Promise((resolve) => (free = resolve))),
      question,
      within(5_000),
    );
    let asked = false;
    const late = handler(() => {
      asked = true;
      return Promise.resolve(reply);
    });
    const second = problemOf(guard.lookUp(late, question, { leftMs: 120, givenMs: 1_000 }));
    await new Promise((resolve) => setTimeout(resolve, 60));
    free(reply);
    expect([await first, await second, asked]).toEqual([reply, 'source-unavailable', false]);
  });

  test('keeps the place of a question that was given up until its handler has ended', async () => {
    guard = new SourceGuard(limits);
    const ends: ((reply: SourceReply) => void)[] = [];
    const deaf = handler(() => new Promise((resolve) => ends.push(resolve)));
    const asked = [guard.lookUp(deaf, question, within(20)), guard.lookUp(deaf, question, within(20))];
    expect(await Promise.all(asked.map(problemOf))).toEqual(['source-timeout', 'source-timeout']);
    expect(await problemOf(guard.lookUp(healthy, question, within(100)))).toBe('source-unavailable');
    ends[0]!(reply);
    await new Promise(setImmediate);
    expect(await guard.lookUp(healthy, question, within(100))).toBe(reply);
    expect(await guard.lookUp(healthy, question, within(100))).toBe(reply);
    expect(guard.state).toBe('closed');
  });

  test('takes a handler that never ends for lost after a while', async () => {
    guard = new SourceGuard({ ...limits, concurrency: 1, lingerMs: 200 });
    expect(await problemOf(guard.lookUp(never, question, within(20)))).toBe('source-timeout');
    expect(await problemOf(guard.lookUp(healthy, question, within(20)))).toBe('source-unavailable');
    expect(await guard.lookUp(healthy, question, within(5_000))).toBe(reply);
  });

  test('gives the place of a handler that throws or fails to the next one', async () => {
    guard = new SourceGuard({ ...limits, concurrency: 1, errorPercentage: 100 });
    const throwing = handler(() => {
      throw new Error('at once');
    });
    for (const bad of [throwing, failing, throwing])
      expect(await problemOf(guard.lookUp(bad, question, within(100)))).toBe('source-unavailable');
    expect(await guard.lookUp(healthy, question, within(100))).toBe(reply);
  });

  test('asks a failing source no further, and tries again after a while', async () => {
    guard = new SourceGuard(limits);
    for (let i = 0; i < 6; i++)
      expect(await problemOf(guard.lookUp(failing, question, within(100)))).toBe('source-unavailable');
    expect(guard.state).toBe('open');
    expect(await problemOf(guard.lookUp(healthy, question, within(100)))).toBe('source-unavailable');
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(await guard.lookUp(healthy, question, within(100))).toBe(reply);
    expect(guard.state).toBe('closed');
  });

  test('shuts nobody out because of questions whose own time is shorter than the source takes', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 1_000, concurrency: 20 });
    const usual = handler(() => sleep(60, reply));
    for (let i = 0; i < 10; i++)
      expect(await problemOf(guard.lookUp(usual, question, within(15)))).toBe('source-timeout');
    expect(guard.state).toBe('closed');
    expect(await guard.lookUp(usual, question, within(1_000))).toBe(reply);
  });

  test('shuts out a source that takes longer than it may', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 15, concurrency: 10 });
    const slow = handler(() => sleep(60, reply));
    const asked = Array.from({ length: 6 }, () => problemOf(guard.lookUp(slow, question, within(1_000))));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['source-timeout']));
    expect(guard.state).toBe('open');
  });

  test('finds a source that has recovered though the one who tries it has no time to wait', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 1_000, concurrency: 10 });
    for (let i = 0; i < 6; i++) await problemOf(guard.lookUp(failing, question, within(100)));
    await sleep(120);
    expect(guard.state).toBe('half-open');
    const usual = handler(() => sleep(60, reply));
    expect(await problemOf(guard.lookUp(usual, question, within(15)))).toBe('source-timeout');
    expect(guard.state).toBe('half-open');
    await sleep(80);
    expect(guard.state).toBe('closed');
  });

  test('does not ask for one who comes with hardly any of its time left, and asks for a short one that has it all', async () => {
    guard = new SourceGuard({ ...limits, timeoutMs: 1_000 });
    let asked = 0;
    const counting = handler(() => {
      asked += 1;
      return Promise.resolve(reply);
    });
    const late = { leftMs: 60, givenMs: 10_000 };
    expect(await problemOf(guard.lookUp(counting, question, late))).toBe('source-unavailable');
    expect(await problemOf(guard.lookUp(counting, question, { leftMs: -5, givenMs: 0 }))).toBe(
      'source-unavailable',
    );
    expect(asked).toBe(0);
    expect(await guard.lookUp(counting, question, within(60))).toBe(reply);
  });

  test('does not take a refusal of the question for a failure of the source', async () => {
    guard = new SourceGuard(limits);
    const refusing = handler(() => Promise.reject(new Problem('limit-exceeded')));
    for (let i = 0; i < 10; i++)
      expect(await problemOf(guard.lookUp(refusing, question, within(100)))).toBe('limit-exceeded');
    expect(guard.state).toBe('closed');
  });
});
