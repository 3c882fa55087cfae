import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command } from 'commander';
import { Problem } from '#problem';
import { KeyStore, makeDirectory, type OwnKey, type RegisteredKey, type RotatedUse } from '#registry';
import { schemeKeyName } from '#sharing';
import { formatVerifierKey, noteVerifier } from '#tlog';

export interface StoreOptions {
  store: string;
  agency: string;
}

export function withStore(command: Command): Command {
  return command
    .requiredOption('--store <dir>', 'key store of the node, readable by its user only')
    .requiredOption('--agency <id>', 'agency whose keys these are');
}

/** A store that is there already: a mistyped path must not become a new, empty one. @throws Problem `key-store` */
export function openStore({ store, agency }: StoreOptions): KeyStore {
  if (!existsSync(join(store, 'keys')))
    throw new Problem('key-store', { field: '--store', detail: 'no key store' });
  return new KeyStore(store, agency);
}

/** A store that is made when it is not there yet. @throws Problem `key-store` naming the option */
export function makeStore({ store, agency }: StoreOptions): KeyStore {
  try {
    makeDirectory(store, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const detail = code === 'EEXIST' || code === 'ENOTDIR' ? 'not a folder' : (code ?? 'unknown fault');
    throw new Problem('key-store', { field: '--store', detail, cause: error });
  }
  return new KeyStore(store, agency);
}

/** The key in force of a use. @throws Problem `key-store` */
export function currentKey(store: KeyStore, use: RotatedUse, at: number): OwnKey {
  const key = store.current(use, at);
  if (!key) throw new Problem('key-store', { field: '--store', detail: `no ${use} key in force` });
  return key;
}

/** SHA-256 of the raw public key in hex: what people compare on another way. */
export function fingerprint({ publicKey }: Pick<RegisteredKey, 'publicKey'>): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');
}

/** The name under which a key signs notes; undefined for keys that sign none. */
export function noteName({ agency, use, origin }: RegisteredKey): string | undefined {
  if (use === 'scheme') return schemeKeyName(agency);
  if (use === 'registry') return `${agency}/registry`;
  return use === 'log' ? origin : undefined;
}

/** C2SP verifier key of a key that signs notes. */
export function verifierKeyOf(key: RegisteredKey): string | undefined {
  const name = noteName(key);
  return name && formatVerifierKey(noteVerifier(name, Buffer.from(key.publicKey, 'base64url')));
}
