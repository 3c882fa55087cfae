import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf } from '../testing/naive-tree.js';
import {
  Edge,
  decodeProof,
  encodeProof,
  formatCheckpoint,
  formatProof,
  hashLeaf,
  noteSigner,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseProof,
  signNote,
  verifyInclusion,
  type LogProof,
} from './index.js';

const malformed = expect.objectContaining({ name: 'NoteError', code: 'malformed' });
const keys = generateKeyPairSync('ed25519');
const signer = noteSigner('example.com/fancylog', keys.privateKey);
const NOTE = signNote(
  formatCheckpoint({ origin: 'example.com/fancylog', size: 109_482, root: leavesOf(1)[0]! }),
  signer,
);
const PROOF: LogProof = { index: 73_894, path: leavesOf(17), note: NOTE };

const proofs = fc.record({
  index: fc.maxSafeNat(),
  path: fc.nat(63).map((count) => leavesOf(count)),
  note: fc.constant(NOTE),
});

const unwritable: [string, Partial<LogProof>][] = [
  ['a negative index', { index: -1 }],
  ['a broken index', { index: 0.5 }],
  ['an index beyond exact numbers', { index: 2 ** 53 }],
  ['a short hash', { path: [Buffer.alloc(31)] }],
  ['a path longer than any tree is high', { path: leavesOf(64) }],
  ['a checkpoint that nobody signed', { note: 'origin\n1\n' }],
  ['a note that is no checkpoint', { note: signNote('origin\n1\n', signer) }],
  ['no checkpoint', { note: '' }],
];

describe('a proof as text', () => {
  const TEXT = formatProof(PROOF);
  const HASH = PROOF.path[3]!.toString('base64');

  test.each(unwritable)('is not written with %s', (_, change) => {
    expect(() => formatProof({ ...PROOF, ...change })).toThrow(malformed);
  });

  test.each([
    ['another version', TEXT.replace('@v1', '@v2')],
    ['no first line', TEXT.slice(TEXT.indexOf('\n') + 1)],
    ['no index', TEXT.replace('index 73894\n', '')],
    ['an index with a leading zero', TEXT.replace('73894', '073894')],
    ['an index beyond exact numbers', TEXT.replace('73894', '18446744073709551615')],
    ['an extra line without data', TEXT.replace('index', 'extra \nindex')],
    ['an extra line behind the index', TEXT.replace('index 73894', 'index 73894\nextra AAAA')],
    ['two extra lines', TEXT.replace('index', 'extra AAAA\nextra AAAA\nindex')],
    ['a hash of another length', TEXT.replace(HASH, 'AAAA')],
    ['a hash without padding', TEXT.replace(HASH, HASH.slice(0, -1))],
    ['a carriage return', TEXT.replace(HASH, `${HASH}\r`)],
    ['a path too long', TEXT.replace(HASH, Array.from({ length: 60 }, () => HASH).join('\n'))],
    ['no checkpoint', TEXT.slice(0, TEXT.indexOf('\n\n') + 2)],
    ['a cut checkpoint', TEXT.slice(0, -1)],
    ['nothing', ''],
  ])('is not read with %s', (_, text) => {
    expect(() => parseProof(text)).toThrow(malformed);
  });

  test('has the lines of the specification', () => {
    expect(formatProof({ ...PROOF, path: PROOF.path.slice(0, 2), extra: Buffer.from('age-v1.2.1') })).toBe(
      [
        'c2sp.org/tlog-proof@v1',
        'extra YWdlLXYxLjIuMQ==',
        'index 73894',
        PROOF.path[0]!.toString('base64'),
        PROOF.path[1]!.toString('base64'),
        '',
        NOTE,
      ].join('\n'),
    );
  });

  test('leaves the extra line out when there is nothing extra', () => {
    expect(formatProof({ ...PROOF, extra: Buffer.alloc(0) })).toBe(TEXT);
  });

  test('comes back, with and without extra', () => {
    fc.assert(
      fc.property(proofs, fc.uint8Array({ minLength: 1 }), (proof, extra) => {
        const withExtra = { ...proof, extra: Buffer.from(extra) };
        expect(parseProof(formatProof(proof))).toEqual(proof);
        expect(parseProof(formatProof(withExtra))).toEqual(withExtra);
      }),
    );
  });
});

describe('a proof on the wire', () => {
  const BYTES = encodeProof(PROOF);
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(BYTES);
    copy[at] = value;
    return copy;
  };

  test.each(unwritable)('is not written with %s', (_, change) => {
    expect(() => encodeProof({ ...PROOF, ...change })).toThrow(malformed);
  });

  test.each([
    ['another version', changed(0, 2)],
    ['an index beyond exact numbers', changed(1, 1)],
    ['a count below the hashes', changed(9, 16)],
    ['a count above the hashes', changed(9, 18)],
    ['a count above any tree', changed(9, 255)],
    ['broken UTF-8', changed(10 + 17 * 32, 0xff)],
    ['a zero byte behind', Buffer.concat([BYTES, Buffer.alloc(1)])],
    ['a second note behind without its empty line', Buffer.concat([BYTES, Buffer.from('x\n')])],
    ['a line end behind', Buffer.concat([BYTES, Buffer.from('\n')])],
    ['no checkpoint', BYTES.subarray(0, 10 + 17 * 32)],
  ])('is not read with %s', (_, bytes) => {
    expect(() => decodeProof(bytes)).toThrow(malformed);
  });

  test('is not read when cut anywhere', () => {
    const read = Array.from({ length: BYTES.length }, (_, end) => end).filter((end) => {
      try {
        decodeProof(BYTES.subarray(0, end));
        return true;
      } catch (error) {
        expect(error).toEqual(malformed);
        return false;
      }
    });
    expect(read).toEqual([]);
  });

  test('is version, index, count, hashes and note', () => {
    const path = leavesOf(2);
    const bytes = encodeProof({ index: 0x1_0203_0405, path, note: NOTE });
    expect(bytes.toString('hex')).toBe(
      `01${'0000000102030405'}02${Buffer.concat(path).toString('hex')}${Buffer.from(NOTE).toString('hex')}`,
    );
  });

  test('comes back, and keeps nothing of the message it came in', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        const bytes = encodeProof(proof);
        const decoded = decodeProof(bytes);
        bytes.fill(0);
        expect(decoded).toEqual(proof);
      }),
    );
  });

  test('either comes back to the same bytes or is not read, with any byte changed', () => {
    fc.assert(
      fc.property(fc.nat(BYTES.length - 1), fc.nat(255), (at, value) => {
        const bytes = changed(at, value);
        let decoded: LogProof | undefined;
        try {
          decoded = decodeProof(bytes);
        } catch (error) {
          expect(error).toEqual(malformed);
        }
        expect(decoded === undefined || encodeProof(decoded).equals(bytes)).toBe(true);
      }),
    );
  });
});

test('a receipt verifies from bytes and verifier key alone', () => {
  const entries = ['one', 'two', 'three'].map((text) => Buffer.from(text));
  const { edge, root, paths } = Edge.empty().extend(entries.map((entry) => hashLeaf(entry)));
  const note = signNote(formatCheckpoint({ origin: signer.name, size: edge.size, root }), signer);
  const wire = encodeProof({ index: 1, path: paths[1]!, note });

  const proof = decodeProof(wire);
  const opened = openNote(proof.note, [noteVerifier(signer.name, keys.publicKey)]);
  const checkpoint = parseCheckpoint(opened.text);
  const proves = (entry: Buffer) => verifyInclusion({ ...proof, ...checkpoint, leaf: hashLeaf(entry) });
  expect(entries.map(proves)).toEqual([false, true, false]);
});
