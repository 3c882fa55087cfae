import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_LINE } from '#evidence';
import { Problem } from '#problem';
import { decodeTail, encodeTail } from './tail.js';

const BODY = {
  origin: 'hrss-1/adapter/0',
  from: 7,
  lines: ['{"v":1}', '{"v":2,"name":"甲"}'],
  note: 'hrss-1/adapter/0\n9\n…\n',
  seen: [{ origin: 'fund-1/adapter/0', note: 'fund-1/adapter/0\n3\n…\n' }],
};

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

function refusal(bytes: Uint8Array): unknown {
  try {
    decodeTail(bytes);
  } catch (error) {
    return error instanceof Problem ? error.problem : error;
  }
  return 'read';
}

describe('a tail', () => {
  test('is read as it was written', () => {
    const { origin, from, note, seen } = BODY;
    const tail = { origin, from, lines: BODY.lines.map((line) => Buffer.from(line)), seen };
    const read = { ...tail, checkpoint: { note } };
    expect(decodeTail(encodeTail(read))).toEqual(read);
    expect(JSON.parse(encodeTail(read).toString())).toEqual(BODY);
    expect(decodeTail(bytesOf({ ...BODY, later: 1, seen: [{ ...seen[0], later: 2 }] }))).toEqual(read);
  });

  test.each<[string, object]>([
    ['that names no log', { origin: undefined }],
    ['of a log that is no text', { origin: ['hrss-1/adapter/0'] }],
    ['of a log with an endless name', { origin: 'a'.repeat(129) }],
    ['that begins nowhere', { from: -1 }],
    ['that begins within a line', { from: 0.5 }],
    ['that begins at a text', { from: '7' }],
    ['without lines', { lines: undefined }],
    ['with a text for its lines', { lines: 'ab' }],
    ['with a line that is no text', { lines: ['{}', 1] }],
    ['with nothing for a line', { lines: [null] }],
    ['with an empty line', { lines: [''] }],
    ['with a line that has no UTF-8', { lines: ['\ud800'] }],
    ['with a line longer than an entry', { lines: ['甲'.repeat(LONGEST_LINE / 3 + 1)] }],
    ['with more lines than are ever sent', { lines: Array(4_097).fill('x') }],
    ['without a checkpoint', { note: undefined }],
    ['with an endless checkpoint', { note: 'n'.repeat(8_193) }],
    ['that has seen nothing in place of nobody', { seen: undefined }],
    ['that has seen an object for a list', { seen: {} }],
    ['that has seen null', { seen: [null] }],
    ['that has seen a list', { seen: [[]] }],
    ['that has seen a log without a note', { seen: [{ origin: 'fund-1/adapter/0' }] }],
    ['that has seen a note without a log', { seen: [{ note: 'n' }] }],
    ['that has seen an object for a note', { seen: [{ origin: 'fund-1/adapter/0', note: {} }] }],
    ['that has seen more than a province has', { seen: Array(4_097).fill(BODY.seen[0]) }],
  ])('%s is none', (_what, change) => {
    expect(refusal(bytesOf({ ...BODY, ...change }))).toBe('envelope-changed');
  });

  test('is none when it is not JSON, or no object', () => {
    for (const bytes of ['', '{', 'null', '[]', '1', '"x"', '['.repeat(100_000)].map((text) =>
      Buffer.from(text),
    ))
      expect(refusal(bytes)).toBe('envelope-changed');
  });

  test('is read or refused whatever the bytes are', () => {
    const outcomes = ['read', 'envelope-changed'];
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(outcomes).toContain(refusal(bytes))));
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(outcomes).toContain(refusal(bytesOf(value)))));
  });
});
