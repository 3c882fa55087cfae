import { describe, expect, test } from '@jest/globals';
import { readOptions } from './options.js';

describe('the arguments of npm run kafka', () => {
  test.each([
    [['--brokers', '2'], '--brokers wants 1 or 3'],
    [['--brokers', ''], '--brokers wants 1 or 3'],
    [['--port', '0'], '--port wants a whole number from 1 to 65535'],
    [['--port', '9092x'], '--port wants a whole number from 1 to 65535'],
    [['--brokers', '3', '--port', '65534'], '--port wants a whole number from 1 to 65533'],
    [['--data', ''], '--data wants a folder'],
    [['--secured'], "Unknown option '--secured'"],
    [['three'], "Unexpected argument 'three'"],
  ])('that are wrong are said to be: %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  test('say what to start', () => {
    expect(readOptions([])).toEqual({ brokers: 1, secure: false, json: false, printAcls: false });
    expect(readOptions(['--brokers', '3', '--secure', '--port', '9092', '--data', 'here', '--json'])).toEqual(
      {
        brokers: 3,
        secure: true,
        json: true,
        printAcls: false,
        port: 9092,
        data: 'here',
      },
    );
    expect(readOptions(['-h'])).toBe('help');
  });
});
