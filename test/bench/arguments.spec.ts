import { describe, expect, test } from '@jest/globals';
import { readArguments, usage, UsageError } from './arguments.js';

const ids = ['latency', 'memory'];
const read = (...args: string[]) => readArguments(args, ids);

describe('the command line of the benchmark', () => {
  test.each([
    [[], 'what to measure'],
    [['query', 'query'], 'what to measure'],
    [['audit'], 'what to measure'],
    [['query', '--fast'], "Unknown option '--fast'"],
    [['query', '--only', 'latency,speed'], 'no such figure: speed'],
    [['query', '--only', ''], 'no such figure'],
    [['query', '--repeats', '0'], '--repeats'],
    [['query', '--repeats', '1.5'], '--repeats'],
    [['query', '--seconds', '31'], '--seconds'],
    [['query', '--seconds', '-1'], '--seconds'],
    [['query', '--queries', 'many'], '--queries'],
    [['query', '--in-flight', '5000'], '--in-flight'],
    [['query', '--rate', '0'], '--rate'],
    [['query', '--profile', ''], '--profile'],
  ])('refuses %j and says why', (args, why) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(why);
  });

  test('measures everything, five times, when nothing else is said', () => {
    expect(read('query')).toEqual({
      json: false,
      only: [],
      repeats: 5,
      seconds: 8,
      queries: 1_000_000,
      inFlight: 256,
      rate: 1_000,
    });
  });

  test('takes a part of it', () => {
    const args = ['query', '--json', '--only', 'memory,latency', '--repeats=1', '--seconds', '2'];
    expect(
      read(...args, '--queries', '5000', '--in-flight', '16', '--rate', '50', '--profile', 'out'),
    ).toEqual({
      json: true,
      only: ['memory', 'latency'],
      repeats: 1,
      seconds: 2,
      queries: 5_000,
      inFlight: 16,
      rate: 50,
      profile: 'out',
    });
  });

  test('tells its use to who asks for it, with every figure there is', () => {
    expect(read('--help')).toBe('help');
    for (const id of ids) expect(usage(ids)).toContain(id);
  });
});
