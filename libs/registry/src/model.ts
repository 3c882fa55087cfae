import { type KeyObject } from 'node:crypto';
import { type Agency } from '#contracts';

/** What a registered key is for. One key serves one use, ever. */
export const KEY_USES = ['http-signature', 'log', 'scheme', 'hpke', 'registry'] as const;
export type KeyUse = (typeof KEY_USES)[number];

export type KeyAlgorithm = 'ed25519' | 'x25519';

/** A public key as the province registered it. Times are UTC with milliseconds and `Z`. */
export interface RegisteredKey {
  /** `<agency>/<use>/<n>`; for a log its origin, `<agency>/<role>/<ordinal>`. */
  id: string;
  agency: string;
  use: KeyUse;
  algorithm: KeyAlgorithm;
  /** The 32 raw bytes (RFC 8032, RFC 7748), unpadded base64url. */
  publicKey: string;
  /** First moment it may be used. */
  from: string;
  /** First moment it may no longer be used; absent = until a later registry says so. */
  to?: string;
  /** Log keys only: the log that it signs. */
  origin?: string;
  /** Log keys only: first tree size that it signs. */
  fromSize?: number;
  /** Log keys only: last tree size that it signs, set when its `key` entry closed it. */
  toSize?: number;
  /** From this moment on it is refused, whatever `to` says. */
  revokedAt?: string;
}

/** All agencies and keys of a province, numbered; signed as a C2SP signed note named `<province>/registry`. */
export interface Registry {
  v: 1;
  number: number;
  issuedAt: string;
  agencies: Agency[];
  keys: RegisteredKey[];
}

/** A registered key with its parsed form, ready for `crypto.verify` (Ed25519) or a key agreement (X25519). */
export interface UsableKey extends RegisteredKey {
  keyObject: KeyObject;
}

/** A key of a log and the tree sizes that it may sign: `fromSize` ≤ size ≤ `toSize`. */
export interface LogKey {
  publicKey: Buffer;
  fromSize: number;
  toSize?: number;
}

export type { Agency };
