import { Problem } from '#problem';
import { isInstant, keyFaults, type Fault } from './key-faults.js';
import { type Agency, type RegisteredKey, type Registry } from './model.js';

const KEY_MEMBERS = new Set(
  'id agency use algorithm publicKey from to origin fromSize toSize revokedAt'.split(' '),
);

/**
 * Builds a registry from its parts, sorted (agencies by id, keys by id and size), so that equal content has equal bytes.
 * @throws Problem `registry-invalid` with every fault at once in extension `faults` ({field, fault}[])
 */
export function compileRegistry(parts: Omit<Registry, 'v'>): Registry {
  const faults = [
    ...headFaults(parts),
    ...agencyFaults(parts.agencies),
    ...parts.keys.flatMap((key, i) => [...memberFaults(key, i), ...keyFaults(key, `/keys/${i}`)]),
    ...setFaults(parts.agencies, parts.keys),
  ];
  if (faults.length > 0) {
    throw new Problem('registry-invalid', { field: faults[0]!.field, extensions: { faults } });
  }
  return {
    v: 1,
    number: parts.number,
    issuedAt: parts.issuedAt,
    agencies: [...parts.agencies].sort((a, b) => (a.id < b.id ? -1 : 1)),
    keys: [...parts.keys].sort(byIdAndSize),
  };
}

function byIdAndSize(a: RegisteredKey, b: RegisteredKey): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return (a.fromSize ?? 0) - (b.fromSize ?? 0);
}

function headFaults({ number, issuedAt }: Omit<Registry, 'v'>): Fault[] {
  const faults: Fault[] = [];
  if (!Number.isSafeInteger(number) || number < 1)
    faults.push({ field: '/number', fault: 'is not a number from 1' });
  if (!isInstant(issuedAt)) faults.push({ field: '/issuedAt', fault: 'is not a UTC time with milliseconds' });
  return faults;
}

function agencyFaults(agencies: Agency[]): Fault[] {
  return agencies.flatMap(({ id, region, provides }, i) => {
    const faults: Fault[] = [];
    if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
      faults.push({ field: `/agencies/${i}/id`, fault: 'is not an agency id' });
    if (!/^\d{6}$/.test(region))
      faults.push({ field: `/agencies/${i}/region`, fault: 'is not a GB/T 2260 code' });
    if (!Array.isArray(provides)) faults.push({ field: `/agencies/${i}/provides`, fault: 'is not a list' });
    return faults;
  });
}

function memberFaults(key: RegisteredKey, i: number): Fault[] {
  const unknown = Object.keys(key).some((member) => !KEY_MEMBERS.has(member));
  return unknown ? [{ field: `/keys/${i}`, fault: 'has an unknown member' }] : [];
}

/** What is wrong between keys and agencies: strangers, twins, and two keys for one size of a log. */
function setFaults(agencies: Agency[], keys: RegisteredKey[]): Fault[] {
  const known = new Set(agencies.map(({ id }) => id));
  const strangers = keys.flatMap((key, i) =>
    known.has(key.agency) ? [] : [{ field: `/keys/${i}/agency`, fault: 'is not a registered agency' }],
  );
  return [
    ...twins(
      agencies.map(({ id }) => id),
      (i) => `/agencies/${i}/id`,
    ),
    ...twins(
      keys.map((key) => `${key.id} ${key.fromSize ?? ''}`),
      (i) => `/keys/${i}/id`,
    ),
    ...twins(
      keys.map(({ publicKey }) => publicKey),
      (i) => `/keys/${i}/publicKey`,
    ),
    ...strangers,
    ...overlaps(keys),
  ];
}

function twins(values: string[], field: (index: number) => string): Fault[] {
  const first = new Set<string>();
  return values.flatMap((value, i) => {
    if (first.has(value)) return [{ field: field(i), fault: 'is there twice' }];
    first.add(value);
    return [];
  });
}

/**
 * Keys of a log sign sizes apart, but for a change under way: beside its one open key stands the next, until the `key` entry
 * that closes the one before is registered (ADR 0010).
 */
function overlaps(keys: RegisteredKey[]): Fault[] {
  const logs = keys.map((key, i) => ({ key, i })).filter(({ key }) => key.use === 'log');
  logs.sort((a, b) => byIdAndSize(a.key, b.key));
  return logs.flatMap(({ key, i }, at) => {
    const before = logs[at - 1]?.key;
    if (before?.origin !== key.origin || before === undefined) return [];
    const isLast = logs[at + 1]?.key.origin !== key.origin;
    return areApart(before, key) || (isLast && isChange(before, key))
      ? []
      : [{ field: `/keys/${i}/fromSize`, fault: 'overlaps the range of another key of this log' }];
  });
}

function areApart(before: RegisteredKey, key: RegisteredKey): boolean {
  return before.toSize !== undefined && before.toSize < (key.fromSize ?? 0);
}

function isChange(before: RegisteredKey, key: RegisteredKey): boolean {
  return before.toSize === undefined && key.toSize === undefined;
}
