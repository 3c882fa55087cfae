import { KEY_USES, type RegisteredKey } from './model.js';
import { algorithmOf, decodePublicKey } from './public-key.js';

/** One thing wrong with a registry: where (JSON Pointer) and what. Never echoes a value. */
export interface Fault {
  field: string;
  fault: string;
}

/** Whether a text is UTC with milliseconds and `Z`, and a moment that exists. */
export function isInstant(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString() === text;
}

/** Everything wrong with one key by itself; `path` is its JSON Pointer. */
export function keyFaults(key: RegisteredKey, path: string): Fault[] {
  const faults = (['id', 'agency', 'publicKey'] as const)
    .filter((field) => typeof key[field] !== 'string')
    .map((field): Fault => ({ field: `${path}/${field}`, fault: 'is not a text' }));
  if (faults.length > 0) return faults;
  const check = (holds: boolean, field: keyof RegisteredKey, fault: string) => {
    if (!holds) faults.push({ field: `${path}/${field}`, fault });
  };
  check(KEY_USES.includes(key.use), 'use', 'is not a key use');
  check(key.algorithm === algorithmOf(key.use), 'algorithm', 'does not fit the use');
  check(decodePublicKey(key.publicKey) !== undefined, 'publicKey', 'is not 32 bytes in unpadded base64url');
  check(idFits(key), 'id', 'does not follow from agency, use and origin');
  checkTimes(key, check);
  checkLogFields(key, check);
  return faults;
}

type Check = (holds: boolean, field: keyof RegisteredKey, fault: string) => void;

function idFits(key: RegisteredKey): boolean {
  const rest = key.id.startsWith(`${key.agency}/`) ? key.id.slice(key.agency.length + 1) : '';
  if (key.use === 'log') return key.id === key.origin && /^[a-z][a-z0-9-]*\/(0|[1-9]\d*)$/.test(rest);
  return rest.startsWith(`${key.use}/`) && /^[1-9]\d*$/.test(rest.slice(key.use.length + 1));
}

function checkTimes(key: RegisteredKey, check: Check): void {
  check(isInstant(key.from), 'from', 'is not a UTC time with milliseconds');
  check(key.to === undefined || isInstant(key.to), 'to', 'is not a UTC time with milliseconds');
  check(key.to === undefined || key.to > key.from, 'to', 'is not after from');
  check(
    key.revokedAt === undefined || isInstant(key.revokedAt),
    'revokedAt',
    'is not a UTC time with milliseconds',
  );
}

/** A revoked log key is closed at a size: what it signed before stays verifiable, what it signs later does not count. */
function checkLogFields(key: RegisteredKey, check: Check): void {
  const { fromSize, toSize } = key;
  if (key.use !== 'log') {
    check(key.origin === undefined, 'origin', 'is for log keys');
    check(fromSize === undefined, 'fromSize', 'is for log keys');
    check(toSize === undefined, 'toSize', 'is for log keys');
    return;
  }
  check(Number.isSafeInteger(fromSize) && fromSize! >= 0, 'fromSize', 'is not a tree size');
  check(toSize === undefined || Number.isSafeInteger(toSize), 'toSize', 'is not a tree size');
  check(toSize === undefined || toSize >= (fromSize ?? 0), 'toSize', 'is before fromSize');
  check(key.revokedAt === undefined || toSize !== undefined, 'toSize', 'is missing on a revoked log key');
}
