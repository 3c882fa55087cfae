import { join } from 'node:path';
import { type Logger } from '#observability';
import { registration, rotateHpke, type KeyStore, type OwnKey, type RegistryHolder } from '#registry';
import { keepApplications, REGISTRATIONS } from './applications.js';

/** A new key is made this long before it is used: the province has so long to register it. */
const AHEAD_MS = 24 * 60 * 60_000;

export interface HpkeKeeping {
  keys: KeyStore;
  registry: RegistryHolder;
  /** The node's private directory. */
  dir: string;
  clock: () => number;
  logger: Logger;
}

/**
 * Makes the next HPKE key a day ahead of its week, and keeps under `<dir>/registrations` what the province has to register:
 * one signed document for each key that the registry does not have as it is here, `<key id with dots>.note`.
 * `keys register` takes the files; once a registry has a key, its file goes.
 */
export function rotateAndApply({ keys, registry, dir, clock, logger }: HpkeKeeping): void {
  const at = clock();
  const made = rotateHpke(keys, at, AHEAD_MS);
  if (made) logger.info('HPKE key made, to be registered', { key: made.id });
  const own = keys.keys('hpke');
  keepApplications(
    join(dir, REGISTRATIONS),
    `${keys.agency}.hpke.`,
    own
      .filter((key) => !isRegistered(registry, key))
      .map((key) => [nameOf(key), registration(key, keys.current('http-signature', at))]),
  );
  for (const key of own) {
    if (Date.parse(key.from) <= at && !registeredAs(registry, key))
      logger.warn('HPKE key is due and not registered', { key: key.id });
  }
}

function nameOf({ id }: OwnKey): string {
  return `${id.replaceAll('/', '.')}.note`;
}

function isRegistered(registry: RegistryHolder, key: OwnKey): boolean {
  const registered = registeredAs(registry, key);
  return registered !== undefined && registered.to === key.to;
}

function registeredAs({ current }: RegistryHolder, key: OwnKey): { to?: string } | undefined {
  return current
    .hpkeKeys(key.agency, Date.parse(key.from))
    .find(({ id, publicKey }) => id === key.id && publicKey === key.publicKey);
}
