import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { suite } from './hpke.js';

const hex = (text: string) => Buffer.from(text, 'hex');
const okp = (d: string, x: string) => ({
  kty: 'OKP',
  crv: 'X25519',
  d: hex(d).toString('base64url'),
  x: hex(x).toString('base64url'),
});
const X25519 = { name: 'X25519' };

/** RFC 9180 A.7.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export-only, base mode. */
const vector = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  enc: 'e5e8f9bfff6c2f29791fc351d2c25ce1299aa5eaca78a757c0b4fb4bcd830918',
  ephemeral: okp(
    '095182b502f1f91f63ba584c7c3ec473d617b8b4c2cec3fad5af7fa6748165ed',
    'e5e8f9bfff6c2f29791fc351d2c25ce1299aa5eaca78a757c0b4fb4bcd830918',
  ),
  receiver: okp(
    '33d196c830a12f9ac65d6e565a590d80f04ee9b19c83c87f2c170d972a812848',
    '194141ca6c3c3beb4792cd97ba0ea1faff09d98435012345766ee33aae2d7664',
  ),
  exported: [
    ['', '7a36221bd56d50fb51ee65edfd98d06a23c4dc87085aa5866cb7087244bd2a36'],
    ['00', 'd5535b87099c6c3ce80dc112a2671c6ec8e811a2f284f948cec6dd1708ee33f0'],
    ['54657374436f6e74657874', 'ffaabc85a776136ca0c378e5d084c9140ab552b78f039d2e8775f26efff4c70e'],
  ] as const,
};

test('RFC 9180 A.7.1.1: both sides export the values of the RFC', async () => {
  const secret = createPrivateKey({ key: vector.receiver, format: 'jwk' });
  const ephemeral = createPrivateKey({ key: vector.ephemeral, format: 'jwk' });
  const sender = await suite.createSenderContext({
    recipientPublicKey: createPublicKey(secret).toCryptoKey(X25519, true, []),
    info: vector.info,
    ekm: {
      privateKey: ephemeral.toCryptoKey(X25519, true, ['deriveBits']),
      publicKey: createPublicKey(ephemeral).toCryptoKey(X25519, true, []),
    },
  });
  const receiver = await suite.createRecipientContext({
    recipientKey: secret.toCryptoKey(X25519, true, ['deriveBits']),
    enc: hex(vector.enc),
    info: vector.info,
  });
  expect(Buffer.from(sender.enc).toString('hex')).toBe(vector.enc);
  for (const [context, value] of vector.exported) {
    const both = await Promise.all([sender, receiver].map((each) => each.export(hex(context), 32)));
    expect(both.map((each) => Buffer.from(each).toString('hex'))).toEqual([value, value]);
  }
});
