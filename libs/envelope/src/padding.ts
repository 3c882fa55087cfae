import { Problem } from '#problem';
import { changed } from './headers.js';

const LENGTH = 4;
const SMALLEST = 1024;
/** Largest padded plaintext, in bytes: a thousand subjects' answers fit. */
export const LARGEST_PLAINTEXT = 8 * 1024 * 1024;

/**
 * Pads to the next of 1, 2, 4, … KiB, and to no less than the class of `atLeast` bytes: where a short and a long answer
 * are possible, the caller names the long one's size, and both leave in one class.
 * @throws Problem `body-too-large`
 */
export function pad(content: Buffer, atLeast = 0): Buffer {
  const size = sizeClass(Math.max(LENGTH + content.length, atLeast));
  if (size > LARGEST_PLAINTEXT) throw new Problem('body-too-large');
  const padded = Buffer.alloc(size);
  padded.writeUInt32BE(content.length);
  content.copy(padded, LENGTH);
  return padded;
}

/** @throws Problem `envelope-changed` unless the size is a class and the padding all zero */
export function unpad(padded: Buffer): Buffer {
  if (padded.length > LARGEST_PLAINTEXT || padded.length !== sizeClass(padded.length)) throw changed();
  const end = LENGTH + padded.readUInt32BE(0);
  if (end > padded.length || !padded.subarray(end).equals(Buffer.alloc(padded.length - end))) throw changed();
  return padded.subarray(LENGTH, end);
}

function sizeClass(bytes: number): number {
  let size = SMALLEST;
  while (size < bytes) size *= 2;
  return size;
}
