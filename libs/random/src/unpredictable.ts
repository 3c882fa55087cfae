import { randomBytes } from 'node:crypto';

/** Drawn at a time: a call of `randomBytes` costs the same for 12 bytes as for thousands, and a question needs a dozen. */
const POOL = 8_192;

let pool = Buffer.alloc(0);
let next = 0;

/**
 * So many bytes of the operating system's generator: for salts, nonces and identifiers. Each byte is given once, in memory of
 * its own.
 */
export function unpredictable(size: number): Buffer {
  if (size > POOL) return randomBytes(size);
  if (next + size > pool.length) [pool, next] = [randomBytes(POOL), 0];
  const given = Buffer.from(pool.subarray(next, next + size));
  pool.fill(0, next, next + size);
  next += size;
  return given;
}
