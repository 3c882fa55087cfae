import { createHash, createPublicKey, KeyObject, sign, verify } from 'node:crypto';
import { NoteError } from './note-error.js';
import { fromBase64, requirePlainText } from './plain-text.js';

/** Signature type byte of Ed25519 notes (C2SP signed-note, "Signature types"); the only one spoken here. */
const ED25519 = 1;
const KEY_SIZE = 32;

interface NoteKey {
  readonly name: string;
  /** uint32 that tells keys of one name apart; not a proof of anything. */
  readonly id: number;
  /** Ed25519 public key, 32 bytes (RFC 8032). */
  readonly publicKey: Buffer;
}

/** A key that signs notes under its name. */
export interface NoteSigner extends NoteKey {
  sign(text: Buffer): Buffer;
}

/** A key that the caller trusts under its name. */
export interface NoteVerifier extends NoteKey {
  verify(text: Buffer, signature: Buffer): boolean;
}

/** @throws NoteError `malformed` for a name with spaces or plus, or a key that is not Ed25519 private. */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== 'private') throw new NoteError('malformed', 'key: not a private key');
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  return { ...noteKey(name, publicKey), sign: (text) => sign(null, text, privateKey) };
}

/** @throws NoteError `malformed` for a name with spaces or plus, or a key that is not Ed25519 public. */
export function noteVerifier(name: string, publicKey: Uint8Array | KeyObject): NoteVerifier {
  const raw = publicKey instanceof KeyObject ? rawPublicKey(publicKey) : Buffer.from(publicKey);
  const identity = noteKey(name, raw);
  const key = publicKeyObject(raw);
  return { ...identity, verify: (text, signature) => verify(null, text, key, signature) };
}

/** `name+hash+base64`, the form in which verifier keys are registered; also for a signer, whose public half it is. */
export function formatVerifierKey({ name, id, publicKey }: NoteVerifier | NoteSigner): string {
  return `${name}+${hex(id)}+${typed(publicKey).toString('base64')}`;
}

/** @throws NoteError `malformed`, also for another signature type and for an id that is not the key's. */
export function parseVerifierKey(text: string): NoteVerifier {
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) {
    throw new NoteError('malformed', 'a verifier key is name+hash+base64');
  }
  const bytes = fromBase64(base64, 'verifier key');
  if (bytes[0] !== ED25519) throw new NoteError('malformed', 'verifier key: not an Ed25519 note key');
  const verifier = noteVerifier(name, bytes.subarray(1));
  if (hex(verifier.id) !== id) throw new NoteError('malformed', 'verifier key: hash of another key');
  return verifier;
}

/** Whether a text can be a key's name: not empty, no Unicode space, no plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s\p{White_Space}+]/u.test(name);
}

function noteKey(name: string, publicKey: Buffer): NoteKey {
  requirePlainText(name, 'key name');
  if (!isKeyName(name)) throw new NoteError('malformed', 'key name: empty, or has a space or plus');
  if (publicKey.length !== KEY_SIZE)
    throw new NoteError('malformed', 'key: an Ed25519 public key has 32 bytes');
  return { name, id: keyId(name, publicKey), publicKey };
}

// C2SP signed-note: SHA-256(name ‖ newline ‖ type ‖ public key), first four bytes.
function keyId(name: string, publicKey: Buffer): number {
  return createHash('sha256').update(`${name}\n`).update(typed(publicKey)).digest().readUInt32BE(0);
}

function typed(publicKey: Buffer): Buffer {
  return Buffer.concat([Buffer.of(ED25519), publicKey]);
}

function rawPublicKey(key: KeyObject): Buffer {
  if (key.type !== 'public' || key.asymmetricKeyType !== 'ed25519') {
    throw new NoteError('malformed', 'key: not an Ed25519 public key');
  }
  return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url');
}

function publicKeyObject(raw: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
}

function hex(id: number): string {
  return id.toString(16).padStart(8, '0');
}
