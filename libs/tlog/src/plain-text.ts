import { HASH_SIZE } from './hash.js';
import { NoteError } from './note-error.js';

// Below U+0020 only the newline is allowed; a lone surrogate has no UTF-8 (C2SP signed-note, "Format").
const FORBIDDEN = /[^ -\u{10FFFF}\n]|\p{Surrogate}/u;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const DECIMAL = /^(?:0|[1-9]\d{0,15})$/;

/** @throws NoteError `malformed` for control characters and text that has no UTF-8. */
export function requirePlainText(text: string, what: string): void {
  if (FORBIDDEN.test(text)) throw new NoteError('malformed', `${what}: control character or broken text`);
}

/** Standard base64 in its one canonical spelling, at least one byte. @throws NoteError `malformed`. */
export function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Two spellings of the same bytes would be two notes with one signature.
  if (!BASE64.test(text) || bytes.toString('base64') !== text)
    throw new NoteError('malformed', `${what}: base64`);
  return bytes;
}

/** A tree hash in base64. @throws NoteError `malformed`. */
export function hashFromBase64(text: string, what: string): Buffer {
  const hash = fromBase64(text, what);
  if (hash.length !== HASH_SIZE) throw new NoteError('malformed', `${what}: a tree hash has 32 bytes`);
  return hash;
}

/** ASCII decimal without leading zeroes, at most 2^53 − 1. @throws NoteError `malformed`. */
export function fromDecimal(text: string, what: string): number {
  const value = Number(text);
  if (!DECIMAL.test(text) || !Number.isSafeInteger(value))
    throw new NoteError('malformed', `${what}: decimal`);
  return value;
}

/** @throws NoteError `malformed` when `value` is not a size or an index. */
export function requireCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new NoteError('malformed', `${what}: a whole number`);
}
