import { describe, expect, test } from '@jest/globals';
import { formatCheckpoint, parseCheckpoint } from './index.js';

/** The example of the specification (C2SP tlog-checkpoint). */
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const TEXT = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
const CHECKPOINT = {
  origin: 'example.com/behind-the-sofa',
  size: 20_852_163,
  root: Buffer.from(ROOT, 'base64'),
};

const malformed = expect.objectContaining({ name: 'NoteError', code: 'malformed' });

describe('a checkpoint', () => {
  test.each([
    ['no newline at its end', TEXT.slice(0, -1)],
    ['two lines', 'origin\n1\n'],
    ['nothing', ''],
    ['an empty origin', `\n1\n${ROOT}\n`],
    ['a leading zero', `o\n01\n${ROOT}\n`],
    ['a negative size', `o\n-1\n${ROOT}\n`],
    ['a size with a sign', `o\n+1\n${ROOT}\n`],
    ['a size in another notation', `o\n1e3\n${ROOT}\n`],
    ['a size beyond exact numbers', `o\n9007199254740992\n${ROOT}\n`],
    ['a short root', `o\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root without padding', `o\n1\n${ROOT.slice(0, -1)}\n`],
    ['a root in base64url', `o\n1\n${ROOT.replace('/', '_')}\n`],
    ['a root in another spelling of the same bytes', `o\n1\n${ROOT.replace('2I=', '2J=')}\n`],
    ['a carriage return', `o\r\n1\n${ROOT}\n`],
    ['an empty extension line', `${TEXT}\n`],
    ['a lone surrogate', `o\ud800\n1\n${ROOT}\n`],
  ])('is not read with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(malformed);
  });

  test.each([
    ['an empty origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\nb' }],
    ['a control character', { origin: 'a\tb' }],
    ['a broken size', { size: 1.5 }],
    ['a negative size', { size: -1 }],
    ['a short root', { root: Buffer.alloc(20) }],
  ])('is not written with %s', (_, change) => {
    expect(() => formatCheckpoint({ ...CHECKPOINT, ...change })).toThrow(malformed);
  });

  test('is read and written as in the specification’s example', () => {
    expect(formatCheckpoint(CHECKPOINT)).toBe(TEXT);
    expect(parseCheckpoint(TEXT)).toEqual({ ...CHECKPOINT, extensions: [] });
  });

  test('keeps extension lines apart, and knows the empty tree and the largest', () => {
    expect(parseCheckpoint(`${TEXT}one\ntwo words\n`)).toEqual({
      ...CHECKPOINT,
      extensions: ['one', 'two words'],
    });
    for (const size of [0, Number.MAX_SAFE_INTEGER]) {
      expect(parseCheckpoint(formatCheckpoint({ ...CHECKPOINT, size })).size).toBe(size);
    }
  });
});
