import { generateKeyPairSync } from 'node:crypto';
import { Problem } from '#problem';
import { noteSigner, noteVerifier } from '#tlog';
import {
  compileRegistry,
  exportPublicKey,
  openRegistry,
  signRegistry,
  type Agency,
  type RegisteredKey,
  type Registry,
} from './index.js';

export const NAME = 'demo.example/registry';
const province = generateKeyPairSync('ed25519').privateKey;
export const signer = noteSigner(NAME, province);
export const pinned = noteVerifier(NAME, Buffer.from(exportPublicKey(province), 'base64url'));
export const JUNE = Date.parse('2026-06-01T00:00:00.000Z');

export function agency(id: string, region: string, provides: string[] = []): Agency {
  return { id, class: 'fund', name: id, uscc: '', region, provides, contact: { office: '', phone: '' } };
}

export function key(over: Partial<RegisteredKey> & Pick<RegisteredKey, 'id' | 'use'>): RegisteredKey {
  const hpke = over.use === 'hpke';
  const pair = hpke ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
  return {
    agency: over.id.split('/')[0]!,
    algorithm: hpke ? 'x25519' : 'ed25519',
    publicKey: exportPublicKey(pair.publicKey),
    from: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

export function log(id: string, fromSize: number, toSize?: number): RegisteredKey {
  return key({ id, use: 'log', origin: id, fromSize, ...(toSize !== undefined && { toSize }) });
}

const agencies = [
  agency('housing-9901', '990100', ['HC-RP-01']),
  agency('fund-9901', '990100', ['PF-01']),
  agency('fund-9902', '990200', ['PF-01']),
  agency('hrss-99', '990000', ['HR-SI-01']),
];

export function registry(keys: RegisteredKey[] = [], number = 1): Registry {
  return compileRegistry({ number, issuedAt: '2026-05-01T00:00:00.000Z', agencies, keys });
}

export function view(keys: RegisteredKey[]) {
  return openRegistry(signRegistry(registry(keys), signer), { pinned });
}

export function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
