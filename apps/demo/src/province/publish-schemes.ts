import canonicalize from 'canonicalize';
import { type RunningGateway } from '#apps/gateway';
import { ExchangeGatewayClient } from '#client';
import { type Agency, type Contracts, type SchemeSource } from '#contracts';
import { compileBundle, schemeKeyName, signBundle } from '#sharing';
import { noteSigner } from '#tlog';
import { type ProvinceKeys } from './keys.js';

export interface Publishing {
  contracts: Contracts;
  keys: ProvinceKeys;
  gateways: ReadonlyMap<string, RunningGateway>;
  clock: () => number;
}

/** Every provider signs its own schemes and puts them in force through its own gateway, as `scheme publish` does. */
export async function publishAll(publishing: Publishing): Promise<void> {
  const { contracts } = publishing;
  for (const provider of contracts.agencies.values()) {
    const schemes = contracts.schemesOf(provider);
    if (schemes.length > 0) await publishSchemes(publishing, provider, schemes);
  }
}

/** Signs these schemes as the provider's next bundle and puts it in force; the same schemes again change nothing. */
export async function publishSchemes(
  { contracts, keys, gateways, clock }: Publishing,
  provider: Agency,
  schemes: readonly SchemeSource[],
): Promise<void> {
  const gateway = gateways.get(provider.id)!;
  const store = keys.stores.get(provider.id)!;
  const active = gateway.node.bundles.active(provider.id);
  const bundle = compileBundle({
    provider,
    number: gateway.node.bundles.newest(provider.id) + 1,
    issuedAt: new Date(clock()).toISOString(),
    schemes,
    contracts: contracts.contracts,
  });
  const unchanged = active && canonicalize(active.bundle.schemes) === canonicalize(bundle.schemes);
  const signer = noteSigner(schemeKeyName(provider.id), store.ensure('scheme', clock()).privateKey);
  const { id: keyId, privateKey } = store.ensure('http-signature', clock());
  const client = new ExchangeGatewayClient({ gateways: [gateway.url], keyId, privateKey, clock });
  await client.publishBundle(unchanged ? active.note : signBundle(bundle, signer));
}
