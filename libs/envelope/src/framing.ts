import { changed } from './headers.js';

const LENGTH = 4;

/** Parts one after the other, each behind its length (u32, big-endian): no two lists of parts give the same bytes. */
export function frame(parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      const length = Buffer.alloc(LENGTH);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
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
