import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noteSigner, noteVerifier, openNote, parseVerifierKey, signNote } from './index.js';

/** The example of golang.org/x/mod/sumdb/note: its keys, text and signatures. */
const PETER = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const ENOCH = parseVerifierKey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
const PETER_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const TEXT =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const NOTE = `${TEXT}\n${PETER_LINE}`;

const failure = (code: string) => expect.objectContaining({ name: 'NoteError', code });

const keys = generateKeyPairSync('ed25519');
const signer = noteSigner('log.example', keys.privateKey);
const verifier = noteVerifier('log.example', keys.publicKey);

describe('a note', () => {
  test.each([
    ['no signature', TEXT],
    ['no empty line', `${TEXT}${PETER_LINE}`],
    ['no line end', NOTE.slice(0, -1)],
    ['an empty line at its end', `${NOTE}\n`],
    ['text behind the signatures', `${NOTE}more\n`],
    ['a hyphen for the dash', NOTE.replace('—', '-')],
    ['a carriage return', NOTE.replace('problem,', 'problem,\r')],
    ['a zero byte', NOTE.replace('problem,', 'problem,\0')],
    ['a lone surrogate', NOTE.replace('problem,', 'problem,\udfff')],
    ['a name with plus', NOTE.replace('— Peter', '— Pe+er')],
    ['no name', NOTE.replace('PeterNeumann ', '')],
    ['no bytes behind the key id', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['bad base64', NOTE.replace('x08go', 'x08g_')],
    ['base64 in another spelling of the same bytes', NOTE.replace('nAM=', 'nAN=')],
    ['a second malformed line', `${NOTE}— EnochRoot\n`],
    ['more than 100 signatures', `${TEXT}\n${PETER_LINE.repeat(101)}`],
    ['nothing', ''],
  ])('is malformed with %s', (_, note) => {
    expect(() => openNote(note, [PETER])).toThrow(failure('malformed'));
  });

  test('is unsigned without a signature by a known key: name and id must both fit', () => {
    expect(() => openNote(NOTE, [])).toThrow(failure('unsigned'));
    expect(() => openNote(NOTE, [ENOCH])).toThrow(failure('unsigned'));
    expect(() => openNote(NOTE, [noteVerifier('PeterNeumann', ENOCH.publicKey)])).toThrow(
      failure('unsigned'),
    );
    expect(() => openNote(NOTE.replace('— Peter', '— Piter'), [PETER])).toThrow(failure('unsigned'));
  });

  test('is spoiled by a wrong signature of a known key, even beside a right one', () => {
    const wrong = `— log.example ${Buffer.concat([idOf(verifier.id), Buffer.alloc(64)]).toString('base64')}\n`;
    expect(() => openNote(NOTE.replace('answer', 'Answer'), [PETER])).toThrow(failure('bad-signature'));
    expect(() => openNote(`${NOTE}${wrong}`, [PETER, verifier])).toThrow(failure('bad-signature'));
    expect(openNote(`${NOTE}${wrong}`, [PETER])).toEqual({ text: TEXT, signers: ['PeterNeumann'] });
  });

  test('is spoiled by a signature that is too short', () => {
    const short = `— log.example ${Buffer.concat([idOf(verifier.id), Buffer.alloc(63)]).toString('base64')}\n`;
    expect(() => openNote(`${TEXT}\n${short}`, [verifier])).toThrow(failure('bad-signature'));
  });

  test('with any character of its text changed is not what was signed', () => {
    fc.assert(
      fc.property(
        fc.nat(TEXT.length - 2),
        fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
        (at, char) => {
          fc.pre(char >= ' ' && char !== TEXT[at]);
          const changed = `${TEXT.slice(0, at)}${char}${NOTE.slice(at + 1)}`;
          expect(() => openNote(changed, [PETER])).toThrow(failure('bad-signature'));
        },
      ),
    );
  });

  test('of Go’s documentation opens, and is signed to the same bytes', () => {
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), PETER_SEED]);
    const peter = noteSigner('PeterNeumann', createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    expect(signNote(TEXT, peter)).toBe(NOTE);
    expect(openNote(NOTE, [PETER])).toEqual({ text: TEXT, signers: ['PeterNeumann'] });
  });

  test('of two signers names those that are known, once each, in its own order', () => {
    const both = `${NOTE}${ENOCH_LINE}${PETER_LINE}`;
    expect(openNote(both, [ENOCH, PETER])).toEqual({ text: TEXT, signers: ['PeterNeumann', 'EnochRoot'] });
    expect(openNote(both, [ENOCH])).toEqual({ text: TEXT, signers: ['EnochRoot'] });
  });

  test('counts a key’s first signature only', () => {
    const later = PETER_LINE.replace('nAM=', 'nAQ=');
    expect(openNote(`${NOTE}${later}`, [PETER]).signers).toEqual(['PeterNeumann']);
    expect(() => openNote(`${TEXT}\n${later}${PETER_LINE}`, [PETER])).toThrow(failure('bad-signature'));
  });

  test('is cut at its last empty line: a text that quotes a note stays one text', () => {
    const quoting = signNote(NOTE, signer);
    expect(openNote(quoting, [PETER, verifier])).toEqual({ text: NOTE, signers: ['log.example'] });
  });

  test.each(['', 'no line end', 'tab\there\n', 'return\r\n', 'broken \ud800\n'])(
    'is not made of %j',
    (text) => {
      expect(() => signNote(text, signer)).toThrow(failure('malformed'));
    },
  );

  test('of any text comes back', () => {
    const texts = fc
      .array(fc.string({ unit: 'grapheme' }).filter((line) => !/\p{Cc}/u.test(line)))
      .map((lines) => lines.map((line) => `${line}\n`).join('') + 'end\n');
    fc.assert(
      fc.property(texts, (text) =>
        expect(openNote(signNote(text, signer), [verifier])).toEqual({ text, signers: ['log.example'] }),
      ),
    );
  });
});

function idOf(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes;
}
