import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ENTRY_SIZE, decodeEntryBundle, encodeEntryBundle } from './index.js';

const tampered = expect.objectContaining({ problem: 'log-tampered', field: 'entries' });

describe('an entry bundle', () => {
  test.each([
    ['nothing', ''],
    ['half a length', '00'],
    ['a length without its entry', '0001'],
    ['an entry cut short', '00036162'],
    ['half a length behind an entry', '00016100'],
  ])('is refused with %s', (_, hex) => {
    expect(() => decodeEntryBundle(Buffer.from(hex, 'hex'))).toThrow(tampered);
  });

  test('is refused when it has another number of entries than its path says, or more than 256', () => {
    const two = encodeEntryBundle([Buffer.from('a'), Buffer.from('b')]);
    expect(() => decodeEntryBundle(two, 1)).toThrow(tampered);
    expect(() => decodeEntryBundle(two, 3)).toThrow(tampered);
    expect(() => decodeEntryBundle(Buffer.alloc(2 * 257))).toThrow(tampered);
  });

  test('is not made of an entry over 65,535 bytes, of none, or of more than 256', () => {
    expect(() => encodeEntryBundle([Buffer.alloc(MAX_ENTRY_SIZE + 1)])).toThrow(
      expect.objectContaining({ problem: 'body-too-large', field: 'entry' }),
    );
    expect(() => encodeEntryBundle([])).toThrow(RangeError);
    expect(() => encodeEntryBundle(Array.from({ length: 257 }, () => Buffer.alloc(1)))).toThrow(RangeError);
  });

  test('has a big-endian uint16 in front of each entry', () => {
    const bundle = encodeEntryBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(256, 'c')]);
    expect(bundle.toString('latin1')).toBe(`\0\x02ab\0\0\x01\0${'c'.repeat(256)}`);
  });

  test('comes back entry for entry', () => {
    const entries = fc.array(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      { minLength: 1, maxLength: 256 },
    );
    fc.assert(
      fc.property(entries, (each) =>
        expect(decodeEntryBundle(encodeEntryBundle(each), each.length)).toEqual(each),
      ),
      { numRuns: 40 },
    );
    const largest = Buffer.alloc(MAX_ENTRY_SIZE, 1);
    expect(decodeEntryBundle(encodeEntryBundle([largest]))).toEqual([largest]);
  });
});
