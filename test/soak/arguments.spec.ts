import { describe, expect, test } from '@jest/globals';
import { readArguments } from './arguments.js';

describe('the soak’s arguments', () => {
  test.each([
    [[], '--minutes is wanted'],
    [['--minutes', '0'], '--minutes wants a number from 0.1 to 1440'],
    [['--minutes', '1441'], '--minutes wants a number from 0.1 to 1440'],
    [['--minutes', '1e2'], '--minutes wants a number from 0.1 to 1440'],
    [['--minutes', '2', '--seed', '4294967296'], '--seed wants a whole number from 0 to 4294967295'],
    [['--minutes', '2', '--seed', '1.5'], '--seed wants a whole number from 0 to 4294967295'],
    [['--minutes', '2', '--faults'], "Unknown option '--faults'"],
    [['2'], 'Unexpected argument'],
  ])('%j are refused with what is wrong', (args, said) => {
    expect(() => readArguments(args)).toThrow(said);
  });

  test('draw a seed when none is given', () => {
    const { seed, ...rest } = readArguments(['--minutes', '0.5']) as { seed: number };
    expect(rest).toEqual({ minutes: 0.5, json: false, calm: false });
    expect(Number.isInteger(seed) && seed >= 0).toBe(true);
  });

  test('are all taken', () => {
    const args = ['--minutes', '20', '--seed', '7', '--json', '--calm'];
    expect(readArguments(args)).toEqual({ minutes: 20, seed: 7, json: true, calm: true });
    expect(readArguments(['-h'])).toBe('help');
  });
});
