import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyStore } from '#registry';
import { openBundle, schemeKeyName, type Bundle } from '#sharing';
import { noteVerifier } from '#tlog';
import { readText } from './read-input.js';

/** The bundle that was signed last from a key store is kept in it: the next one is made against it. */
const FILE = 'bundle.note';

/** The bundle signed last from this store, whatever became of it. @throws Problem as `ownBundle` */
export function lastBundle(dir: string, store: KeyStore): Bundle | undefined {
  const path = join(dir, FILE);
  return existsSync(path) ? ownBundle(store, readText(path, '--store')) : undefined;
}

/** A bundle of the store's own agency. @throws Problem `bundle-signature` when no key of the store signed it, `bundle-invalid` */
export function ownBundle(store: KeyStore, note: string): Bundle {
  const provider = store.agency;
  const name = schemeKeyName(provider);
  const verifiers = store
    .keys('scheme')
    .map(({ publicKey }) => noteVerifier(name, Buffer.from(publicKey, 'base64url')));
  return openBundle(note, { provider, verifiers });
}

/**
 * Keeps a note as the last one signed *before* it is sent, so that a number is never used for two contents, whatever becomes
 * of the answer. The returned function takes that back, for a bundle that the gateway refused.
 */
export function keepBundle(dir: string, note: string): () => void {
  const path = join(dir, FILE);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  replace(path, note);
  return () => (before === undefined ? rmSync(path) : replace(path, before));
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
