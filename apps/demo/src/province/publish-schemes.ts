import { setTimeout as sleep } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { type Agency, type Contracts, type SchemeSource } from '#contracts';
import { compileBundle, openBundle, schemeKeyName, signBundle, type Bundle } from '#sharing';
import { type KeyStore } from '#registry';
import { noteSigner, noteVerifier, type NoteSigner } from '#tlog';
import { clientOf, type ProvinceDoors } from './doors.js';

export interface Publishing extends Pick<ProvinceDoors, 'keys' | 'gatewaysOf'> {
  contracts: Contracts;
  clock: () => number;
}

/** A bundle in force reaches every gateway within a second of its delivery (design: bundles); a start may be slow. */
const REACHED_WITHIN_MS = 15_000;
const EVERY_MS = 50;

interface InForce {
  provider: Agency;
  schemes: readonly SchemeSource[];
  number: number;
}

/**
 * Every provider that has a gateway signs its own schemes and puts them in force through it, as `scheme publish` does.
 * Resolves when every gateway that may ask by them has heard of them.
 * @throws GatewayError; Error naming the gateway that has not heard of them in time
 */
export async function publishAll(publishing: Publishing): Promise<void> {
  const { contracts, gatewaysOf } = publishing;
  const inForce: InForce[] = [];
  for (const provider of contracts.agencies.values()) {
    const schemes = contracts.schemesOf(provider);
    if (schemes.length > 0 && gatewaysOf(provider.id).length > 0)
      inForce.push({ provider, schemes, number: await publishSchemes(publishing, provider, schemes) });
  }
  const heard = [...contracts.agencies.values()].flatMap((agency) => {
    const granted = inForce.filter(({ schemes }) => schemes.some((scheme) => isFor(agency, scheme)));
    return gatewaysOf(agency.id).map((url) => reached(publishing, agency.id, url, granted));
  });
  await Promise.all(heard);
}

/**
 * Signs these schemes as the provider's next bundle and puts it in force; the same schemes again change nothing.
 * @returns the number of the bundle in force
 */
export async function publishSchemes(
  { contracts, clock, ...doors }: Publishing,
  provider: Agency,
  schemes: readonly SchemeSource[],
): Promise<number> {
  const store = doors.keys.stores.get(provider.id)!;
  const signer = noteSigner(schemeKeyName(provider.id), store.ensure('scheme', clock()).privateKey);
  const client = clientOf(doors, provider.id, clock);
  const { note, newest } = await client.bundleInForce();
  const bundle = compileBundle({
    provider,
    number: newest + 1,
    issuedAt: new Date(clock()).toISOString(),
    schemes,
    contracts: contracts.contracts,
  });
  const same = note !== null && isSigned(note, store, signer, bundle);
  return (await client.publishBundle(same ? note : signBundle(bundle, signer))).bundle;
}

/** Whether these schemes are in force already by the newest key: what an older one signed counts no longer than that key. */
function isSigned(note: string, store: KeyStore, signer: NoteSigner, bundle: Bundle): boolean {
  const verifiers = store
    .keys('scheme')
    .map(({ publicKey }) => noteVerifier(signer.name, Buffer.from(publicKey, 'base64url')));
  const inForce = openBundle(note, { provider: bundle.provider, verifiers });
  return hasSameSchemes(inForce, bundle) && signBundle(inForce, signer) === note;
}

function isFor({ id, class: kind }: Agency, { requester }: SchemeSource): boolean {
  return requester === id || requester === kind;
}

function hasSameSchemes(one: Bundle, other: Bundle): boolean {
  return canonicalize(one.schemes) === canonicalize(other.schemes);
}

/** What a gateway says of its quotas shows which bundles it goes by. */
async function reached(
  { clock, keys }: Publishing,
  agency: string,
  url: string,
  granted: readonly InForce[],
): Promise<void> {
  const client = clientOf({ keys, gatewaysOf: () => [url] }, agency, clock);
  for (const end = performance.now() + REACHED_WITHIN_MS; performance.now() < end; await sleep(EVERY_MS)) {
    const known = new Map((await client.quotas()).map(({ provider, bundle }) => [provider, bundle]));
    if (granted.every(({ provider, number }) => (known.get(provider.id) ?? 0) >= number)) return;
  }
  throw new Error(`${url} has not heard of the schemes in force`);
}
