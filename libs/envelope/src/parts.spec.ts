import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { frame, unframe } from './framing.js';
import { LARGEST_PLAINTEXT, pad, unpad } from './padding.js';
import { decodeParts, encodeParts } from './parts.js';
import { province, question } from './node.fixture.js';

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  return 'accepted';
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe('framing', () => {
  test('gives back any parts, and refuses a missing or an additional byte', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), bytes, (parts, more) => {
        const framed = frame(parts);
        expect(unframe(framed, parts.length)).toEqual(parts);
        if (parts.length > 0)
          expect(problemOf(() => unframe(framed.subarray(0, -1), parts.length))).toBe('envelope-changed');
        const longer = Buffer.concat([framed, more, Buffer.alloc(1)]);
        expect(problemOf(() => unframe(longer, parts.length))).toBe('envelope-changed');
      }),
    );
  });

  test('refuses a length that points behind the end', () => {
    expect(problemOf(() => unframe(Buffer.from('ffffffff00', 'hex'), 1))).toBe('envelope-changed');
  });
});

describe('padding', () => {
  test('gives back any content from the smallest class that holds it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9_000 }), (array) => {
        const content = Buffer.from(array);
        const padded = pad(content);
        expect(unpad(padded)).toEqual(content);
        expect(Math.log2(padded.length) % 1).toBe(0);
        expect(padded.length === 1024 || padded.length < 2 * (content.length + 4)).toBe(true);
      }),
    );
  });

  test.each<[string, Buffer]>([
    ['no bytes', Buffer.alloc(0)],
    ['a size between classes', Buffer.alloc(1500)],
    ['a size over the largest class', Buffer.alloc(LARGEST_PLAINTEXT * 2)],
    ['a length behind the end', Buffer.concat([Buffer.from('000003fd', 'hex'), Buffer.alloc(1020)])],
    ['padding that is not zero', Buffer.concat([Buffer.alloc(1023), Buffer.of(1)])],
  ])('refuses %s', (_what, padded) => {
    expect(problemOf(() => unpad(padded))).toBe('envelope-changed');
  });
});

describe('the parts of a message', () => {
  const sent = question(province().housing);
  const whole = unframe(encodeParts(sent), 6);
  const withPart = (index: number, part: Buffer) =>
    frame(whole.map((each, i) => (i === index ? part : each)));

  test.each<[string, Buffer, string]>([
    ['a short body nonce', withPart(3, Buffer.alloc(15)), 'envelope-changed'],
    ['a short kx', withPart(4, Buffer.alloc(31)), 'envelope-changed'],
    ['five parts', frame(whole.slice(1)), 'envelope-changed'],
    ['seven parts', frame([...whole, Buffer.alloc(0)]), 'envelope-changed'],
    ['no proof', withPart(2, Buffer.alloc(0)), 'entry-not-in-log'],
    ['a proof cut short', withPart(2, whole[2]!.subarray(0, 100)), 'entry-not-in-log'],
    [
      'a proof whose note is no checkpoint',
      withPart(2, Buffer.concat([whole[2]!.subarray(0, 10 + 17 * 32), Buffer.from('x\n\n— x AAAAAAAA\n')])),
      'entry-not-in-log',
    ],
  ])('are refused with %s', (_what, framed, expected) => {
    expect(problemOf(() => decodeParts(framed))).toBe(expected);
  });

  test('are refused, whatever they are, with nothing but a problem', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 6, maxLength: 6 }), fc.nat(5), (random, kept) => {
        const mixed = random.map((part, i) => (i === kept ? whole[i]! : part));
        expect(problemOf(() => decodeParts(frame(mixed)))).toMatch(/^(envelope-changed|entry-not-in-log)$/);
      }),
    );
  });
});
