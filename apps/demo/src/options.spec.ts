import { describe, expect, test } from '@jest/globals';
import { readOptions } from './options.js';

describe('the demo’s arguments', () => {
  test.each([
    [['--brokers', '3'], '--brokers goes with --kafka'],
    [['--kafka', '--brokers', '2'], '--brokers wants 1 or 3'],
    [['--persons', '55'], '--persons wants a whole number from 56 to 2000000'],
    [['--persons', '1e3'], '--persons wants a whole number from 56 to 2000000'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--seed', '4294967296'], '--seed wants a whole number from 0 to 4294967295'],
    [['extra'], 'Unexpected argument'],
    [['--once=yes'], "Option '--once' does not take an argument"],
  ])('%j are refused with what is wrong', (args, said) => {
    expect(() => readOptions(args)).toThrow(said);
  });

  test('are all optional, and --json ends after the answers', () => {
    const usual = { once: false, json: false, persons: 20_000, seed: 1, kafka: false, brokers: 1 };
    expect(readOptions([])).toEqual(usual);
    expect(readOptions(['--json'])).toEqual({ ...usual, once: true, json: true });
    expect(readOptions(['--kafka', '--brokers', '3', '--data', 'here'])).toEqual({
      ...usual,
      ...{ kafka: true, brokers: 3, data: 'here' },
    });
    expect(readOptions(['-h'])).toBe('help');
  });
});
