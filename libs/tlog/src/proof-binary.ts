import { HASH_SIZE } from './hash.js';
import { requireProof, type LogProof } from './log-proof.js';
import { NoteError } from './note-error.js';

const VERSION = 1;
/** u8 version, u64 index, u8 count of hashes. */
const HEAD_SIZE = 10;

/**
 * The proof for the wire: u8 version 1, u64 index, u8 count (big-endian), the hashes, and the note in UTF-8 to the
 * end. A third shorter than the text.
 *
 * @throws NoteError `malformed`.
 */
export function encodeProof(proof: Omit<LogProof, 'extra'>): Buffer {
  requireProof(proof);
  const head = Buffer.alloc(HEAD_SIZE);
  head.writeUInt8(VERSION, 0);
  head.writeBigUInt64BE(BigInt(proof.index), 1);
  head.writeUInt8(proof.path.length, HEAD_SIZE - 1);
  return Buffer.concat([head, ...proof.path, Buffer.from(proof.note)]);
}

/**
 * Reads {@link encodeProof}'s bytes and no others: encoding the result gives the same bytes. Hashes are copies, so
 * that keeping them does not keep the message. Verifies nothing.
 *
 * @throws NoteError `malformed` for another version, missing or trailing bytes, or a note that is none.
 */
export function decodeProof(bytes: Buffer): Omit<LogProof, 'extra'> {
  if (bytes.length < HEAD_SIZE) throw new NoteError('malformed', 'a proof has a head of 10 bytes');
  if (bytes.readUInt8(0) !== VERSION) throw new NoteError('malformed', 'another version of proof');
  const index = Number(bytes.readBigUInt64BE(1));
  const noteStart = HEAD_SIZE + bytes.readUInt8(HEAD_SIZE - 1) * HASH_SIZE;
  if (bytes.length < noteStart) throw new NoteError('malformed', 'path: ends early');
  const path: Buffer[] = [];
  for (let at = HEAD_SIZE; at < noteStart; at += HASH_SIZE) {
    path.push(Buffer.from(bytes.subarray(at, at + HASH_SIZE)));
  }
  const proof = { index, path, note: utf8(bytes.subarray(noteStart)) };
  requireProof(proof);
  return proof;
}

// `ignoreBOM` keeps a byte-order mark in the text: dropping it would give two byte forms to one note.
function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NoteError('malformed', 'note: not UTF-8', { cause });
  }
}
