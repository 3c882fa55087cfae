import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Agency } from '#contracts';
import { Problem } from '#problem';
import {
  acceptLogKeyClosing,
  acceptRegistration,
  compileRegistry,
  isLogKeyClosing,
  makeDirectory,
  openRegistry,
  signRegistry,
  type LogKeyChange,
  type RegisteredKey,
} from '#registry';
import { noteVerifier, type NoteSigner } from '#tlog';
import { readText } from './read-input.js';
import { fingerprint } from './store.js';

const NAME = /^registry-(\d{6})\.note$/;

/** The newest signed registry of a source folder. */
export interface SignedSource {
  number: number;
  keys: RegisteredKey[];
}

/**
 * The province's own folder of registries: `registry-<number>.note`, all kept. The newest says which keys are known.
 * @throws Problem `registry-signature` when it is not signed by the key that shall sign the next
 */
export function newestRegistry(dir: string, { name, publicKey }: NoteSigner): SignedSource {
  makeDirectory(dir);
  const [newest] = readdirSync(dir)
    .filter((file) => NAME.test(file))
    .sort()
    .reverse();
  if (newest === undefined) return { number: 0, keys: [] };
  const note = readText(join(dir, newest), '--registry-source');
  const { number } = openRegistry(note, { pinned: noteVerifier(name, publicKey) });
  const { keys } = JSON.parse(note.slice(0, note.indexOf('\n\n'))) as { keys: RegisteredKey[] };
  return { number, keys };
}

/**
 * The keys with those of the documents added or renewed, one after the other: an agency's first key endorses its next.
 * A first key has nobody to vouch for it but the people who compared its fingerprint.
 * A revoked key vouches for nothing: the key that follows it is a first one again.
 * @throws Problem `registry-signature`, `registry-invalid`
 */
export function withRegistrations(
  known: readonly RegisteredKey[],
  documents: readonly string[],
  fingerprints: readonly string[],
): RegisteredKey[] {
  return documents.reduce<RegisteredKey[]>(
    (keys, document) => {
      const standing = keys.filter(({ revokedAt }) => revokedAt === undefined);
      if (isLogKeyClosing(document)) return withClosing(keys, acceptLogKeyClosing(document, standing));
      const key = acceptRegistration(document, standing);
      const isFirst = !standing.some(({ agency, use }) => agency === key.agency && use === 'http-signature');
      if (isFirst && !fingerprints.includes(fingerprint(key))) {
        const detail = `first key of ${key.agency}: compare its fingerprint with the agency and name it`;
        throw new Problem('registry-signature', { field: '--fingerprint', detail });
      }
      return entered(keys, key);
    },
    [...known],
  );
}

/** Signs and stores the next registry, beside those before. @throws Problem `registry-invalid` */
export function writeNext(
  dir: string,
  source: { number: number; issuedAt: string; agencies: Agency[]; keys: RegisteredKey[] },
  signer: NoteSigner,
): string {
  const file = join(dir, `registry-${String(source.number).padStart(6, '0')}.note`);
  // `wx`: two clerks at once make one registry of a number, the other one is told.
  writeFileSync(file, signRegistry(compileRegistry(source), signer), { flag: 'wx' });
  return file;
}

/** Both keys with the size that their log gave them; that nothing else changed is checked already. */
function withClosing(keys: readonly RegisteredKey[], { closed, next }: LogKeyChange): RegisteredKey[] {
  const changed = new Map([closed, next].map((key) => [key.publicKey, key]));
  return keys.map((key) => changed.get(key.publicKey) ?? key);
}

/** A key that is there already may be ended, not changed: who signed with it yesterday stays who it was. */
function entered(keys: RegisteredKey[], key: RegisteredKey): RegisteredKey[] {
  const at = keys.findIndex(({ id, publicKey }) => id === key.id && publicKey === key.publicKey);
  const before = keys[at];
  if (!before) return [...keys, key];
  if (!isEnded(before, key)) {
    throw new Problem('registry-invalid', {
      field: '/key',
      detail: 'a registered key can only be ended earlier',
    });
  }
  return keys.with(at, { ...before, ...key });
}

/** Times only: a log key is closed by what its log says (`acceptLogKeyClosing`), never by its agency's word alone. */
function isEnded(before: RegisteredKey, after: RegisteredKey): boolean {
  const { to: oldTo = '9', revokedAt: _revoked, ...old } = before;
  const { to = '9', revokedAt: _again, ...fresh } = after;
  const members = Object.keys({ ...old, ...fresh }) as (keyof typeof old)[];
  return to <= oldTo && members.every((name) => old[name] === fresh[name]);
}
