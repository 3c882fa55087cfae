import { Problem } from '#problem';
import { TILE_WIDTH } from './tile-path.js';

/** Bytes of the largest entry: its length is a uint16 (C2SP tlog-tiles, "Log entries"). */
export const MAX_ENTRY_SIZE = 65_535;

const LENGTH_SIZE = 2;

/**
 * 1 to 256 entries as served under `tile/entries/`: each with its length in front as big-endian uint16.
 *
 * @throws Problem `body-too-large` for an entry over 65,535 bytes. @throws RangeError for a number of entries that no
 * bundle has.
 */
export function encodeEntryBundle(entries: readonly Buffer[]): Buffer {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new RangeError('a bundle has 1 to 256 entries');
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/**
 * The entries of a bundle, as copies. Pass `width` when it is known from the path.
 *
 * @throws Problem `log-tampered` when the bundle ends early, or does not have `width` (else 1 to 256) entries.
 */
export function decodeEntryBundle(bundle: Buffer, width?: number): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const entry = entryAt(bundle, at);
    entries.push(entry);
    at += LENGTH_SIZE + entry.length;
  }
  const fits = width === undefined ? isWidth(entries.length) : entries.length === width;
  if (!fits) throw tampered('another number of entries');
  return entries;
}

function lengthOf(entry: Buffer): Buffer {
  if (entry.length > MAX_ENTRY_SIZE) throw new Problem('body-too-large', { field: 'entry' });
  const prefix = Buffer.alloc(LENGTH_SIZE);
  prefix.writeUInt16BE(entry.length);
  return prefix;
}

function entryAt(bundle: Buffer, at: number): Buffer {
  if (at + LENGTH_SIZE > bundle.length) throw tampered('ends inside a length');
  const start = at + LENGTH_SIZE;
  const end = start + bundle.readUInt16BE(at);
  if (end > bundle.length) throw tampered('ends inside an entry');
  return Buffer.from(bundle.subarray(start, end));
}

function isWidth(count: number): boolean {
  return count >= 1 && count <= TILE_WIDTH;
}

function tampered(detail: string): Problem {
  return new Problem('log-tampered', { field: 'entries', detail });
}
