import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { formatVerifierKey, noteSigner, noteVerifier, parseVerifierKey } from './index.js';

/** Published keys: the example of golang.org/x/mod/sumdb/note, and the Go checksum database's. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SUMDB = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

const malformed = expect.objectContaining({ name: 'NoteError', code: 'malformed' });
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

describe('a verifier key', () => {
  test.each([
    ['the hash of another key', PETER.replace('c74f20a3', 'c74f20a4')],
    ['the name of another key', PETER.replace('PeterNeumann', 'EnochRoot')],
    ['an upper-case hash', PETER.replace('c74f20a3', 'C74F20A3')],
    ['a space in its name', PETER.replace('PeterNeumann', 'Peter Neumann')],
    ['no key', 'PeterNeumann+c74f20a3'],
    ['no name', PETER.slice('PeterNeumann'.length)],
    [
      'an unknown type with a hash that fits',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ],
    ['the hash of an Ed25519 key, but another type', PETER.replace('+ARpc', '+ZRpc')],
    ['a key that is too long', `${PETER}AAAA`],
    ['a line break', `${PETER}\n`],
    ['bad base64', PETER.replace('ARpc', '!Rpc')],
    ['nothing', ''],
  ])('is not read with %s', (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow(malformed);
  });

  test.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u0085b', 'a\tb', 'a\nb', 'a\u0000b', 'a\ud800b'])(
    'cannot be named %j, nor can a signer',
    (name) => {
      expect(() => noteVerifier(name, publicKey)).toThrow(malformed);
      expect(() => noteSigner(name, privateKey)).toThrow(malformed);
    },
  );

  test('is made of an Ed25519 public key only, and a signer of a private one', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => noteVerifier('a', other.publicKey)).toThrow(malformed);
    expect(() => noteVerifier('a', privateKey)).toThrow(malformed);
    expect(() => noteVerifier('a', Buffer.alloc(31))).toThrow(malformed);
    expect(() => noteSigner('a', other.privateKey)).toThrow(malformed);
    expect(() => noteSigner('a', publicKey)).toThrow(malformed);
  });

  test.each([
    [PETER, 'PeterNeumann', 0xc74f20a3],
    [SUMDB, 'sum.golang.org', 0x033de0ae],
  ])('%s is read as published, and written back', (text, name, id) => {
    const verifier = parseVerifierKey(text);
    expect({ name: verifier.name, id: verifier.id, bytes: verifier.publicKey.length }).toEqual({
      name,
      id,
      bytes: 32,
    });
    expect(formatVerifierKey(verifier)).toBe(text);
  });

  test('is the same from key object, raw bytes and signer', () => {
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const text = formatVerifierKey(noteVerifier('省住建厅/gateway/0', publicKey));
    expect(formatVerifierKey(noteVerifier('省住建厅/gateway/0', raw))).toBe(text);
    expect(formatVerifierKey(noteSigner('省住建厅/gateway/0', privateKey))).toBe(text);
    expect(formatVerifierKey(parseVerifierKey(text))).toBe(text);
  });

  test('of a signer survives being stored as PKCS #8', () => {
    const stored = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(noteSigner('a', stored).id).toBe(noteVerifier('a', createPublicKey(stored)).id);
  });
});
