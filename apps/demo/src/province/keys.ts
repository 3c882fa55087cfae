import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Agency } from '#contracts';
import {
  acceptRegistration,
  compileRegistry,
  KeyStore,
  openRegistry,
  registration,
  signRegistry,
  type OwnKey,
  type RegisteredKey,
} from '#registry';
import { formatVerifierKey, noteSigner, noteVerifier } from '#tlog';
import { ONE_EACH, type Instances } from './instances.js';

/** The keys of every node, and the registry that names their public halves. */
export interface ProvinceKeys {
  stores: ReadonlyMap<string, KeyStore>;
  /** Signed note. */
  registryNote: string;
  /** C2SP verifier key that every node pins. */
  registryKey: string;
  dirOf(agency: string): string;
}

/**
 * Makes what is missing and registers it, the way agencies do: each node makes its own keys, the province gets
 * registrations only and signs the registry. With a directory kept from an earlier run everything is found again.
 * @param instancesOf how many logs of each role an agency has; default one
 */
export function prepareKeys(
  dir: string,
  agencies: readonly Agency[],
  province: string,
  at: number,
  instancesOf: (agency: Agency) => Instances = () => ONE_EACH,
): ProvinceKeys {
  const dirOf = (agency: string): string => join(dir, 'nodes', agency);
  const stores = new Map(agencies.map(({ id }) => [id, openStore(dirOf(id), id)]));
  const keys: RegisteredKey[] = [];
  const origins = (agency: Agency): string[] =>
    agency.id === province ? [] : originsOf(agency, instancesOf(agency));
  for (const agency of agencies) {
    for (const document of applications(stores.get(agency.id)!, agency, origins(agency), at)) {
      keys.push(acceptRegistration(document, keys));
    }
  }
  const registrar = stores.get(province)!.ensure('registry', at);
  const name = `${province}/registry`;
  const registryKey = formatVerifierKey(noteVerifier(name, Buffer.from(registrar.publicKey, 'base64url')));
  const registryNote = signed(join(dir, 'registry.note'), { agencies, keys, at, registrar, name });
  return { stores, registryNote, registryKey, dirOf };
}

function openStore(dir: string, agency: string): KeyStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return new KeyStore(dir, agency);
}

/** Registrations of one agency's keys; its HTTP-signature key comes first and vouches for the others. */
function applications(
  store: KeyStore,
  { provides }: Agency,
  origins: readonly string[],
  at: number,
): string[] {
  const endorser = store.ensure('http-signature', at);
  store.ensure('hpke', at);
  const others: OwnKey[] = [
    ...store.keys('hpke'), // also the next one, which the node makes a day ahead
    ...(provides.length > 0 ? [store.ensure('scheme', at)] : []),
    ...origins.flatMap((origin) => store.logKeys(origin, at)), // of a change under way, both (ADR 0010)
  ];
  return [registration(endorser), ...others.map((key) => registration(key, endorser))];
}

/** Each instance of a process writes a log of its own. */
function originsOf({ id, provides }: Agency, { gateways, adapters }: Instances): string[] {
  const of = (role: string, count: number): string[] =>
    Array.from({ length: count }, (_, ordinal) => `${id}/${role}/${ordinal}`);
  return [...(provides.length > 0 ? of('adapter', adapters) : []), ...of('gateway', gateways)];
}

interface ToSign {
  agencies: readonly Agency[];
  keys: RegisteredKey[];
  at: number;
  registrar: OwnKey;
  name: string;
}

/** The registry kept from the last run when nothing has changed, else the next number. */
function signed(path: string, { agencies, keys, at, registrar, name }: ToSign): string {
  const pinned = noteVerifier(name, Buffer.from(registrar.publicKey, 'base64url'));
  const kept = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const before = kept === undefined ? undefined : openRegistry(kept, { pinned });
  const issuedAt = before?.issuedAt ?? new Date(at).toISOString();
  const make = (number: number, issued: string): string =>
    signRegistry(
      compileRegistry({ number, issuedAt: issued, agencies: [...agencies], keys }),
      noteSigner(name, registrar.privateKey),
    );
  const same = make(before?.number ?? 1, issuedAt);
  if (same === kept) return kept;
  const note = before ? make(before.number + 1, new Date(at).toISOString()) : same;
  writeFileSync(path, note);
  return note;
}
