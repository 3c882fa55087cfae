import { type RegisteredKey } from './model.js';

/** Whether a key may be used at a moment (ms since the epoch): `from` ≤ at < `to`, and not revoked by then. */
export function inForce(
  { from, to, revokedAt }: Pick<RegisteredKey, 'from' | 'to' | 'revokedAt'>,
  at: number,
): boolean {
  return at >= Date.parse(from) && before(at, to) && before(at, revokedAt);
}

function before(at: number, end: string | undefined): boolean {
  return end === undefined || at < Date.parse(end);
}
