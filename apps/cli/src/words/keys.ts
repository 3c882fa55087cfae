import { type RegisteredKey } from '#registry';
import { fingerprint, verifierKeyOf } from '../files/store.js';

/** What may be shown of a key, in lines. */
export function keyLines(key: RegisteredKey): string[] {
  const { id, use, from, to, fromSize, toSize } = key;
  const sizes = fromSize === undefined ? '' : `, sizes ${fromSize} to ${toSize ?? 'now'}`;
  const verifier = verifierKeyOf(key);
  return [
    `${id} (${use}), from ${from}${to === undefined ? '' : ` to ${to}`}${sizes}`,
    `  fingerprint ${fingerprint(key)}`,
    ...(verifier === undefined ? [] : [`  verifier key ${verifier}`]),
  ];
}

/** The same for a program. */
export function keyJson(key: RegisteredKey): Record<string, unknown> {
  const verifier = verifierKeyOf(key);
  return { ...key, fingerprint: fingerprint(key), ...(verifier !== undefined && { verifierKey: verifier }) };
}
