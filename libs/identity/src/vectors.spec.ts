import { createPrivateKey, sign, verify, createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { contentDigest, digestMatches } from './content-digest.js';
import { signatureBase } from './signature-base.js';
import { readSignature } from './signature-input.js';

/** RFC 9421 B.2 `test-request`, with the signature of B.2.6. */
const message = {
  method: 'POST',
  target: '/foo?param=Value&Pet=dog',
  headers: {
    host: 'example.com',
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-length': '18',
    'signature-input':
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature:
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
  },
  rawBody: Buffer.from('{"hello": "world"}'),
};
/** RFC 9421 B.1.4 `test-key-ed25519`. */
const key = createPrivateKey({
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  },
  format: 'jwk',
});

test('RFC 9421 B.2.6: the signature base and the Ed25519 signature over it are the ones in the RFC', () => {
  const { components, text, signature } = readSignature(message);
  const base = signatureBase(message, components, text);
  expect(base.toString().split('\n')).toEqual([
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method": POST',
    '"@path": /foo',
    '"@authority": example.com',
    '"content-type": application/json',
    '"content-length": 18',
    '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  ]);
  expect(verify(null, base, createPublicKey(key), signature)).toBe(true);
  expect(sign(null, base, key)).toEqual(signature);
});

test('RFC 9421 §2.2.7: the query has its question mark and keeps its encoding', () => {
  const base = (target: string) => signatureBase({ ...message, target }, ['@query'], '()').toString();
  expect([base('/p?param=value&foo=bar&baz=bat%2Dman'), base('/p')]).toEqual([
    '"@query": ?param=value&foo=bar&baz=bat%2Dman\n"@signature-params": ()',
    '"@query": ?\n"@signature-params": ()',
  ]);
});

test('RFC 9530 / RFC 9421 B.2: both digests of the test body match it', () => {
  const sha256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';
  const sha512 =
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
  expect(contentDigest(message.rawBody)).toBe(sha256);
  expect(
    [sha256, sha512, `${sha256}, ${sha512}`].map((field) => digestMatches(field, message.rawBody)),
  ).toEqual([true, true, true]);
});
