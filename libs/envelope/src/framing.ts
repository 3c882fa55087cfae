import { changed } from './headers.js';

const LENGTH = 4;

/** Parts one after the other, each behind its length (u32, big-endian): no two lists of parts give the same bytes. */
export function frame(parts: readonly (Uint8Array | string)[]): Buffer {
  const lengths = parts.map((part) => (typeof part === 'string' ? Buffer.byteLength(part) : part.length));
  const framed = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH + length, 0));
  let at = 0;
  parts.forEach((part, index) => {
    at = framed.writeUInt32BE(lengths[index]!, at);
    if (typeof part === 'string') framed.write(part, at);
    else framed.set(part, at);
    at += lengths[index]!;
  });
  return framed;
}

/** Exactly `count` parts and nothing behind them. @throws Problem `envelope-changed` */
export function unframe(bytes: Buffer, count: number): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (parts.length < count) {
    if (at + LENGTH > bytes.length) throw changed();
    const end = at + LENGTH + bytes.readUInt32BE(at);
    if (end > bytes.length) throw changed();
    parts.push(bytes.subarray(at + LENGTH, end));
    at = end;
  }
  if (at !== bytes.length) throw changed();
  return parts;
}
