import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import {
  encodePrivateLine,
  encodePublicLine,
  parsePrivateLine,
  parsePublicLine,
  privHash,
  type PrivateLine,
  type PublicLine,
} from './index.js';

const HASH = Buffer.alloc(32, 7).toString('base64url');
const line: PublicLine = {
  v: 1,
  kind: 'disclosure',
  origin: 'hrss-990100/adapter/0',
  exchange: '0198c0de-0000-7000-8000-000000000001',
  at: '2026-03-02T01:00:00.000Z',
  from: 'hrss-990100',
  to: 'housing-990100',
  priv: HASH,
  outcomes: { found: 1, none: 2 },
};
const kept: PrivateLine = { salt: Buffer.alloc(16, 1).toString('base64url'), basis: ['a', 'b'] };

const refused = (text: string) => () => parsePublicLine(Buffer.from(text));

describe('a public line', () => {
  test('is canonical JSON, whatever the order its fields were set in', () => {
    const { v, ...rest } = line;
    expect(encodePublicLine({ ...rest, v })).toEqual(encodePublicLine(line));
    expect(encodePublicLine(line).toString()).toMatch(/^\{"at":"2026-03-02T01:00:00.000Z","exchange":/);
  });

  test('is what RFC 8785 writes, for names that look like numbers or like a prototype too', () => {
    const names = fc.oneof(fc.constantFrom('10', '9', '__proto__', 'a'), fc.stringMatching(/^[!-~]{1,8}$/));
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.nat()), { maxLength: 6 }), (outcomes) => {
        const written = { ...line, outcomes: Object.fromEntries(outcomes) };
        expect(encodePublicLine(written).toString()).toBe(canonicalize(written));
      }),
    );
  });

  test('reads back as it was written', () => {
    const count = fc.nat(2 ** 31);
    const optional = fc.record(
      {
        rows: count,
        heldBack: count,
        bundle: count,
        reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        replayed: fc.constant(true as const),
        late: fc.constant(true as const),
        outcomes: fc.dictionary(fc.constantFrom('found', 'none', 'refused'), count, {
          noNullPrototype: true,
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(optional, (more) => {
        const written = { ...line, ...more };
        expect(parsePublicLine(encodePublicLine(written))).toEqual(written);
      }),
    );
  });

  test.each([
    ['an unknown key', (text: string) => text.replace('{', '{"a":1,'), '(unknown)'],
    ['a null', (text: string) => text.replace('"v":1', '"rows":null,"v":1'), 'rows'],
    ['a missing field', (text: string) => text.replace(`,"priv":"${HASH}"`, ''), 'priv'],
    ['a fraction', (text: string) => text.replace('"none":2', '"none":2.5'), 'outcomes'],
    ['an unsafe integer', (text: string) => text.replace('"none":2', '"none":9007199254740992'), 'outcomes'],
    ['a hash in another spelling', (text: string) => text.replace(HASH, `${HASH.slice(0, -1)}d`), 'priv'],
    ['a hash too short', (text: string) => text.replace(HASH, HASH.slice(1)), 'priv'],
    ['a hash with padding', (text: string) => text.replace(HASH, `${HASH}=`), 'priv'],
    ['a time without milliseconds', (text: string) => text.replace('00.000Z', '00Z'), 'at'],
    ['an impossible date', (text: string) => text.replace('2026-03-02', '2026-02-30'), 'at'],
    ['a 31st of a month of 30 days', (text: string) => text.replace('2026-03-02', '2026-04-31'), 'at'],
    ['a day 0', (text: string) => text.replace('2026-03-02', '2026-03-00'), 'at'],
    ['a month 13', (text: string) => text.replace('2026-03-02', '2026-13-02'), 'at'],
    ['the hour 24', (text: string) => text.replace(/T\d\d:\d\d:\d\d/, 'T24:00:00'), 'at'],
    ['a leap second', (text: string) => text.replace(/:\d\d\.000Z/, ':60.000Z'), 'at'],
    ['a year 0', (text: string) => text.replace('2026-03-02', '0000-03-02'), 'at'],
    ['a year of six digits', (text: string) => text.replace('2026-03-02', '+012026-03-02'), 'at'],
    ['a control character', (text: string) => text.replace('housing-990100', 'a\\u0000'), 'to'],
    ['an origin with a space', (text: string) => text.replace('hrss-990100/', 'hrss 990100/'), 'origin'],
    ['another version', (text: string) => text.replace('"v":1', '"v":2'), 'v'],
  ])('with %s is refused by the name of the field', (_, change, field) => {
    const text = encodePublicLine(line).toString();
    expect(change(text)).not.toBe(text);
    expect(refused(change(text))).toThrow(expect.objectContaining({ problem: 'envelope-spliced', field }));
  });

  test('of a time takes every moment, and every text that is one', () => {
    const moment = fc.date({
      min: new Date('0001-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
    });
    const parts = fc.tuple(...[9999, 13, 32, 25, 61, 61, 999].map((max) => fc.nat(max)));
    const text = parts.map(([y, mo, d, h, mi, s, ms]) => {
      const two = (part?: number) => String(part).padStart(2, '0');
      const day = `${String(y).padStart(4, '0')}-${two(mo)}-${two(d)}`;
      return `${day}T${two(h)}:${two(mi)}:${two(s)}.${String(ms).padStart(3, '0')}Z`;
    });
    const isWritten = (at: string): boolean => {
      const time = Date.parse(at);
      return !at.startsWith('0000') && !Number.isNaN(time) && new Date(time).toISOString() === at;
    };
    const any = fc.oneof(
      moment.filter((at) => !Number.isNaN(at.getTime())).map((at) => at.toISOString()),
      text,
    );
    fc.assert(
      fc.property(any, (at) => {
        const write = () => encodePublicLine({ ...line, at });
        if (isWritten(at)) expect(parsePublicLine(write()).at).toBe(at);
        else expect(write).toThrow(expect.objectContaining({ field: 'at' }));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a space', (text: string) => text.replace('{', '{ ')],
    ['another order', (text: string) => text.replace('"found":1,"none":2', '"none":2,"found":1')],
    ['a repeated key', (text: string) => text.replace('"v":1', '"v":1,"v":1')],
    ['a trailing newline', (text: string) => `${text}\n`],
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['an escaped letter', (text: string) => text.replace('hrss-990100"', '\\u0068rss-990100"')],
    ['no JSON at all', () => 'line'],
  ])('with %s in its bytes is refused', (_, change) => {
    expect(refused(change(encodePublicLine(line).toString()))).toThrow(
      expect.objectContaining({ problem: 'envelope-spliced', field: undefined }),
    );
  });

  test('is called tampered where it was read from a database', () => {
    expect(() => parsePublicLine(Buffer.from('{}'), 'log-tampered')).toThrow(
      expect.objectContaining({ problem: 'log-tampered' }),
    );
  });

  test('is not written when it breaks the format', () => {
    expect(() => encodePublicLine({ ...line, rows: -1 })).toThrow(
      expect.objectContaining({ problem: 'internal', field: 'rows' }),
    );
    for (const reason of ['\ud800', 'a\0', 'a\u0085'])
      expect(() => encodePublicLine({ ...line, reason })).toThrow(
        expect.objectContaining({ problem: 'internal', field: 'reason' }),
      );
  });
});

describe('a private line', () => {
  test('reads back as it was written, Chinese included', () => {
    const written = { ...kept, purpose: { code: 'p', case: '晋建〔2026〕1号' }, note: { n: -3, s: 'x' } };
    expect(parsePrivateLine(encodePrivateLine(written))).toEqual(written);
  });

  test('is refused with an unsorted list, a repeated one, a salt of another length, an unknown purpose key', () => {
    for (const [field, wrong] of [
      ['basis', { basis: ['b', 'a'] }],
      ['basis', { basis: ['a', 'a'] }],
      ['salt', { salt: 'AAAA' }],
      ['purpose', { purpose: { code: 'p', other: 'x' } as { code: string } }],
    ] as const) {
      expect(() => encodePrivateLine({ ...kept, ...wrong } as PrivateLine)).toThrow(
        expect.objectContaining({ problem: 'internal', field }),
      );
    }
  });

  test('is bound to its public line by a hash that its salt keeps from being guessed', () => {
    const other = { ...kept, salt: Buffer.alloc(16, 2).toString('base64url') };
    expect(privHash(encodePrivateLine(kept))).not.toBe(privHash(encodePrivateLine(other)));
  });
});
