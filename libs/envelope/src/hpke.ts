import { createSecretKey, type KeyObject } from 'node:crypto';
import { CipherSuite, DhkemX25519HkdfSha256, ExportOnly, HkdfSha256 } from '@hpke/core';
import { frame } from './framing.js';

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export-only: RFC 9180 §7.3, suite of its appendix A.7. */
export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new ExportOnly(),
});
const EXPORTER_CONTEXT = Buffer.from('exchange-gateway/aes-256-gcm/v1');
const KEY_SIZE = 32;
const X25519 = { name: 'X25519' };

/** Who a context is for: bound by HPKE's `info` (RFC 9180 §5.1). */
export interface Receiver {
  agency: string;
  keyId: string;
}

/** A sender's context in base mode: what travels, and the AES-256 key both sides export (RFC 9180 §5.3). */
export async function sendTo(
  receiver: Receiver,
  publicKey: KeyObject,
): Promise<{ enc: Buffer; key: KeyObject }> {
  const context = await suite.createSenderContext({
    recipientPublicKey: publicKey.toCryptoKey(X25519, true, []),
    info: info(receiver),
  });
  return {
    enc: Buffer.from(context.enc),
    key: createSecretKey(Buffer.from(await context.export(EXPORTER_CONTEXT, KEY_SIZE))),
  };
}

/** The key of a context that somebody made for us. @throws HpkeError for an encapsulated key that is no point of use */
export async function receiveFrom(
  receiver: Receiver,
  privateKey: KeyObject,
  enc: Buffer,
): Promise<KeyObject> {
  const context = await suite.createRecipientContext({
    recipientKey: privateKey.toCryptoKey(X25519, true, ['deriveBits']),
    enc,
    info: info(receiver),
  });
  return createSecretKey(Buffer.from(await context.export(EXPORTER_CONTEXT, KEY_SIZE)));
}

function info({ agency, keyId }: Receiver): Buffer {
  return frame(['exchange-gateway/hpke/v1', agency, keyId]);
}
