import { statSync } from 'node:fs';
import { type Contract, type Contracts } from '#contracts';
import { Problem } from '#problem';
import { type RegistryView } from '#registry';
import { compileBundle, openBundle, schemeKeyName, type Bundle } from '#sharing';
import { noteVerifier } from '#tlog';
import { contractsIn } from './contracts.js';
import { readText } from './read-input.js';

/** Number that stands for "as the contracts folder has it now". */
const UNPUBLISHED = 1;

/** Bundles by provider: of every provider of a contracts folder, or the one in a file. */
export type Bundles = ReadonlyMap<string, Bundle>;

export interface BundleReading {
  contracts: Contracts;
  /** When there is one, the signature of a bundle file is checked by it. */
  registry?: RegistryView | undefined;
  now: number;
}

/** Said loudly of a bundle whose signature nobody asked to check: whoever wrote the file, it would read the same. */
export const UNVERIFIED =
  '注意：方案包的签名未核验（未给出 --registry 和 --registry-key），内容可能是伪造的\n';

/** @throws Problem `input-unreadable`, `bundle-invalid`, `bundle-signature` */
export function readBundles(path: string, option: string, reading: BundleReading): Bundles {
  if (isFolder(path)) return bundlesOfFolder(contractsIn(path, option), reading.now);
  const bundle = readBundle(readText(path, option), reading);
  return new Map([[bundle.provider, bundle]]);
}

/** A folder of contracts is unsigned by its nature; a file is a bundle, which should be signed. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What a contracts folder would publish for a provider. @throws Problem `bundle-invalid`, `input-unreadable` */
export function bundleOfContracts(
  contracts: Contracts,
  providerId: string,
  over: { number?: number; now: number; schemes?: readonly unknown[] },
): Bundle {
  const provider = agencyOf(contracts, providerId);
  return compileBundle({
    provider,
    number: over.number ?? UNPUBLISHED,
    issuedAt: new Date(over.now).toISOString(),
    schemes: over.schemes ?? contracts.schemesOf(provider),
    contracts: contracts.contracts,
  });
}

/** @throws Problem `input-unreadable` for an id that the contracts do not list */
export function agencyOf(contracts: Contracts, id: string, option = '--provider') {
  const agency = contracts.agencies.get(id);
  if (!agency)
    throw new Problem('input-unreadable', { field: option, detail: 'no such agency in the contracts' });
  return agency;
}

/** @throws Problem `unknown-query`, `unknown-version` naming the option */
export function contractOf(contracts: Contracts, code: string, option = '--query'): Contract {
  try {
    return contracts.find(code);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.problem, { field: option, cause: error });
  }
}

function bundlesOfFolder(contracts: Contracts, now: number): Bundles {
  const providers = [...contracts.agencies.values()].filter(({ provides }) => provides.length > 0);
  return new Map(providers.map(({ id }) => [id, bundleOfContracts(contracts, id, { now })]));
}

function readBundle(note: string, { contracts, registry, now }: BundleReading): Bundle {
  const said = unverified(note);
  if (registry) {
    const keys = registry.schemeKeys(said.provider, now);
    const verifiers = keys.map(({ keyObject }) => noteVerifier(schemeKeyName(said.provider), keyObject));
    return openBundle(note, { provider: said.provider, verifiers });
  }
  // Compiling it again is what checks the shape of a bundle whose signature nobody asked to check.
  return compileBundle({
    ...said,
    provider: agencyOf(contracts, said.provider),
    contracts: contracts.contracts,
  });
}

function unverified(note: string): Bundle {
  try {
    const bundle = JSON.parse(note.slice(0, note.lastIndexOf('\n\n'))) as Bundle;
    if (typeof bundle.provider === 'string' && Array.isArray(bundle.schemes)) return bundle;
  } catch (error) {
    throw new Problem('bundle-invalid', { detail: 'not a signed bundle', cause: error });
  }
  throw new Problem('bundle-invalid', { detail: 'not a signed bundle' });
}
