import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { parseStrictJson } from './strict-json.js';

const problemOf = (bytes: Uint8Array): string => {
  try {
    parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  return 'accepted';
};

describe('a strict JSON body', () => {
  test.each([
    ['an unfinished object', '{"a":', 'malformed-json'],
    ['nothing at all', '', 'malformed-json'],
    ['a duplicate key', '{"region":"990100","region":"990200"}', 'duplicate-key'],
    ['a duplicate key with the same value', '{"a":1,"a":1}', 'duplicate-key'],
    ['a duplicate key in disguise', '{"a":1,"\\u0061":2}', 'duplicate-key'],
    ['a duplicate empty key', '{"":1,"":1}', 'duplicate-key'],
    ['a duplicate empty key beside another', '{"":1,"":1,"a":2}', 'duplicate-key'],
    ['a nested duplicate key', '{"a":[{"b":1,"b":2}]}', 'duplicate-key'],
    ['a byte order mark', '\uFEFF{}', 'malformed-json'],
    ['an infinite number', '{"a":1e400}', 'malformed-json'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'malformed-json'],
    ['__proto__ in disguise', '{"\\u005f_proto__":1}', 'malformed-json'],
    ['a lone surrogate', '{"a":"\\ud800"}', 'malformed-json'],
    ['a trailing comma', '{"a":1,}', 'malformed-json'],
    ['two values', '{}{}', 'malformed-json'],
    ['ten thousand brackets', '['.repeat(10_000), 'too-deep'],
    ['seventeen levels', '['.repeat(17) + ']'.repeat(17), 'too-deep'],
  ])('refuses %s', (_what, text, problem) => {
    expect(problemOf(Buffer.from(text))).toBe(problem);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(problemOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('malformed-json');
  });

  test('does not count brackets inside strings', () => {
    expect(parseStrictJson(Buffer.from(JSON.stringify('['.repeat(50))))).toBe('['.repeat(50));
  });

  test('reads what JSON.stringify wrote, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }),
        (value) => {
          fc.pre(!JSON.stringify(value).includes('__proto__'));
          const text = JSON.stringify(value);
          fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
          expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('answers every byte string with a value or a Problem', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(typeof problemOf(bytes)).toBe('string');
      }),
    );
  });
});
