import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { exportPublicKey } from '#registry';
import {
  body,
  editInput,
  handSigned,
  keys,
  NOW,
  refused,
  request,
  URL_,
  withHeaders,
} from './request.fixture.js';
import { contentDigest, type SignedMessage } from './index.js';

describe('a signature outside the profile is refused', () => {
  const input = request().headers['signature-input'] as string;
  const signature = request().headers.signature as string;
  test.each<[string, SignedMessage, string]>([
    [
      'none at all',
      withHeaders(request(), { signature: undefined, 'signature-input': undefined }),
      'signature-invalid signature-input',
    ],
    [
      'input without signature',
      withHeaders(request(), { signature: undefined }),
      'signature-invalid signature',
    ],
    [
      'two signatures under two labels',
      withHeaders(request(), { 'signature-input': `${input}, b=()`, signature: `${signature}, b=:AA==:` }),
      'signature-invalid signature-input',
    ],
    [
      'a second signature under the same label',
      withHeaders(request(), { signature: `${signature}, ${signature}` }),
      'signature-invalid signature',
    ],
    ['the input twice', editInput((text) => `${text}, ${text}`), 'signature-invalid signature-input'],
    [
      'headers sent twice',
      withHeaders(request(), { signature: [signature, signature] }),
      'signature-invalid signature',
    ],
    [
      'labels that differ',
      withHeaders(request(), { signature: signature.replace('sig=', 'gis=') }),
      'signature-invalid signature',
    ],
    [
      'a signature that is a string',
      withHeaders(request(), { signature: 'sig="x"' }),
      'signature-invalid signature',
    ],
    [
      'an input that is no list',
      withHeaders(request(), { 'signature-input': 'sig=1' }),
      'signature-invalid signature-input',
    ],
    [
      'an input too long to parse',
      editInput((text) => `${text};x="${'a'.repeat(5000)}"`),
      'signature-invalid signature-input',
    ],
    [
      'alg none',
      editInput((text) => text.replace('"ed25519"', '"none"')),
      'signature-invalid signature-input',
    ],
    [
      'alg left out',
      editInput((text) => text.replace(';alg="ed25519"', '')),
      'signature-invalid signature-input',
    ],
    [
      'alg as a token',
      editInput((text) => text.replace('"ed25519"', 'ed25519')),
      'signature-invalid signature-input',
    ],
    [
      'another tag',
      editInput((text) => text.replace('exchange-gateway', 'web-bot-auth')),
      'signature-invalid signature-input',
    ],
    [
      'no nonce',
      editInput((text) => text.replace(/;nonce="[^"]*"/, '')),
      'signature-invalid signature-input',
    ],
    [
      'a short nonce',
      editInput((text) => text.replace(/nonce="[^"]*"/, `nonce="${randomBytes(15).toString('base64')}"`)),
      'signature-invalid signature-input',
    ],
    [
      'a nonce that is no base64',
      editInput((text) => text.replace(/nonce="[^"]*"/, `nonce="${'ä'.repeat(30)}"`)),
      'signature-invalid signature-input',
    ],
    [
      'no creation time',
      editInput((text) => text.replace(/;created=\d+/, '')),
      'signature-invalid signature-input',
    ],
    [
      'a creation time with decimals',
      editInput((text) => text.replace(/created=(\d+)/, 'created=$1.5')),
      'signature-invalid signature-input',
    ],
    ['an unknown parameter', editInput((text) => `${text};crit=1`), 'signature-invalid signature-input'],
    [
      'a repeated parameter',
      editInput((text) => `${text};alg="ed25519"`),
      'signature-invalid signature-input',
    ],
    ['other spacing', editInput((text) => text.replace('("', '( "')), 'signature-invalid signature-input'],
    [
      'a component twice',
      editInput((text) => text.replace('"@method"', '"@method" "@method"')),
      'signature-invalid signature-input',
    ],
    [
      'a component with a flag',
      editInput((text) => text.replace('"@method"', '"@method";req')),
      'signature-invalid signature-input',
    ],
    [
      'an unknown component',
      editInput((text) => text.replace('"@method"', '"@method" "x-requester"')),
      'signature-invalid signature-input',
    ],
    [
      'the method uncovered',
      editInput((text) => text.replace('"@method" ', '')),
      'signature-invalid @method',
    ],
    [
      'the addressee uncovered',
      editInput((text) => text.replace('"@authority" ', '')),
      'signature-invalid @authority',
    ],
    ['the path uncovered', editInput((text) => text.replace('"@path" ', '')), 'signature-invalid @path'],
    ['the query uncovered', editInput((text) => text.replace('"@query" ', '')), 'signature-invalid @query'],
    [
      'the digest uncovered',
      editInput((text) => text.replace(' "content-digest"', '')),
      'signature-invalid content-digest',
    ],
    [
      'the content type uncovered',
      editInput((text) => text.replace(' "content-type"', '')),
      'signature-invalid content-type',
    ],
    [
      'the digest left out',
      withHeaders(request(), { 'content-digest': undefined }),
      'signature-invalid content-digest',
    ],
    [
      'a digest with an old algorithm',
      withHeaders(request(), { 'content-digest': 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:' }),
      'digest-mismatch content-digest',
    ],
    [
      'a good digest beside an unknown one',
      withHeaders(request(), { 'content-digest': `${contentDigest(Buffer.from(body))}, crc32c=:AAAAAA==:` }),
      'digest-mismatch content-digest',
    ],
    ['an empty digest', withHeaders(request(), { 'content-digest': '' }), 'digest-mismatch content-digest'],
    ['an unknown key', request({ keyId: 'housing/http-signature/9' }), 'key-unknown signature-input'],
    [
      'a key of another use',
      request({ keyId: 'housing/scheme/1', privateKey: keys.scheme }),
      'key-unknown signature-input',
    ],
    [
      'a key past its end',
      request({ keyId: 'housing/http-signature/2', privateKey: keys.past }),
      'key-unknown signature-input',
    ],
    [
      'a key before its beginning',
      request({ keyId: 'housing/http-signature/3', privateKey: keys.future }),
      'key-unknown signature-input',
    ],
    [
      'a revoked key',
      request({ keyId: 'housing/http-signature/4', privateKey: keys.revoked }),
      'key-unknown signature-input',
    ],
    [
      "another agency's key id with one's own key",
      request({ keyId: 'tax/http-signature/1' }),
      'signature-invalid signature',
    ],
  ])('%s', (_what, message, refusal) => {
    expect(refused(message)).toBe(refusal);
  });

  test('HS256 keyed with the public key', () => {
    const text = input.slice('sig='.length).replace('"ed25519"', '"hmac-sha256"');
    const forged = createHmac('sha256', exportPublicKey(keys.housing)).update(text).digest('base64');
    const message = withHeaders(request(), {
      'signature-input': `sig=${text}`,
      signature: `sig=:${forged}:`,
    });
    expect(refused(message)).toBe('signature-invalid signature-input');
  });

  test('a well-signed request that does not say when it expires is fine, one that has expired is not', () => {
    const { pathname, search, host } = new URL(URL_);
    const lines = [
      '"@method": POST',
      `"@authority": ${host}`,
      `"@path": ${pathname}`,
      `"@query": ${search}`,
      '"content-type": application/json',
      `"content-digest": ${contentDigest(Buffer.from(body))}`,
    ];
    const names = lines.map((line) => line.slice(0, line.indexOf(':'))).join(' ');
    const profile = `nonce="${'A'.repeat(22)}";keyid="housing/http-signature/1";alg="ed25519";tag="exchange-gateway"`;
    const created = Math.floor(NOW / 1000);
    const expiring = (at: number) =>
      handSigned(`(${names});created=${created};expires=${at};${profile}`, lines);
    expect([
      refused(handSigned(`(${names});created=${created};${profile}`, lines)),
      refused(expiring(created + 1)),
      refused(expiring(created)),
    ]).toEqual(['accepted', 'accepted', 'clock-skew signature-input']);
  });
});
