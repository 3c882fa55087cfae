import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export const REQUESTS = 'bench.minimum.request';
export const REPLIES = 'bench.minimum.reply';
export const PARTITIONS = 3;

/** Keys are PEM (Ed25519), the seal's is base64. */
export interface MinimumSettings {
  brokers: string[];
  databaseUrl: string;
  /** Signs each batch that this side sends. */
  privateKey: string;
  /** Of the other side's batches. */
  peerKey: string;
  sealKey: string;
}

export interface GatewaySettings extends MinimumSettings {
  /** Who may ask. */
  clientKey: string;
}

export interface ProviderSettings extends MinimumSettings {
  sourceUrl: string;
}

/** A question as it travels. */
export interface MinimumQuestion {
  exchange: string;
  requester: string;
  query: string;
  purpose: object;
  region: string;
  idNumber: string;
  deadline: string;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under one key for all: nonce, ciphertext, tag. The exchange is bound to it. */
export function seal(key: Buffer, exchange: string, body: object): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(exchange));
  return Buffer.concat([nonce, cipher.update(JSON.stringify(body)), cipher.final(), cipher.getAuthTag()]);
}

/** @throws when it was changed, or is another exchange's */
export function unseal<T>(key: Buffer, exchange: string, sealed: Buffer): T {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
    .setAAD(Buffer.from(exchange))
    .setAuthTag(sealed.subarray(-TAG));
  const text = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString();
  return JSON.parse(text) as T;
}

export function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
