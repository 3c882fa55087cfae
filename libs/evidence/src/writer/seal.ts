import { createHmac, timingSafeEqual } from 'node:crypto';

/** A tree head as the database holds it. */
export interface Head {
  origin: string;
  size: number;
  root: Buffer;
}

/**
 * HMAC over a head with a key that the database never sees: what the writer committed after its last synced edge is told
 * from what someone else wrote there.
 */
export function sealHead(sealKey: Buffer, { origin, size, root }: Head): Buffer {
  return createHmac('sha256', sealKey).update(`seal/v1\0${origin}\0${size}\0`).update(root).digest();
}

/** Whether `seal` was made by the holder of the key over exactly this head. */
export function sealHolds(sealKey: Buffer, head: Head, seal: Uint8Array): boolean {
  const expected = sealHead(sealKey, head);
  return seal.length === expected.length && timingSafeEqual(seal, expected);
}
