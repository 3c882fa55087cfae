import { randomUUID } from 'node:crypto';
import {
  loadContracts,
  type Agency,
  type Contract,
  type ContractExample,
  type Contracts,
  type Purpose,
} from '#contracts';
import { covers } from '#identifiers';
import { Problem } from '#problem';
import { RegistryView } from '#registry';
import { buildTable, compileBundle, type GrantTable } from '#sharing';
import { manualClock } from '#testing';
import { type GatewayParts } from '../../apps/gateway/src/parts.js';
import { authorize, isPlan } from '../../apps/gateway/src/pipeline/authorize.js';
import { type Asker, type Call, type Plan } from '../../apps/gateway/src/pipeline/call.js';
import { validate } from '../../apps/gateway/src/pipeline/validate.js';
import { ReleasedValidators } from '../../apps/gateway/src/released-validators.js';

/** One contract example as one agency may ask it of another under a grant: what a pact's interaction is made of. */
export interface Agreement {
  /** `housing-hrss`: class of the requester, class of the provider. */
  pact: string;
  /** `HR-SI-01@1 found`; one of its kind in its pact. */
  description: string;
  requester: Agency;
  provider: Agency;
  example: ContractExample;
  /** The example's request after the gateway's own check and normalisation. */
  call: Call;
  /** What the gateway's own authorization makes of it. */
  plan: Plan;
}

export const contracts = loadContracts();

/** The campaign of the examples runs then; decisions about a pact must not depend on when it is verified. */
const clock = manualClock();
const BUNDLE_NUMBER = 1;

/** The gateway's steps before and after the log and the transport need no more of a gateway than this. */
export const gateway = {
  node: {
    contracts,
    clock,
    settings: { synthetic: 'accept' },
    registry: { current: new RegistryView({ ...registryOf(contracts), keys: [] }, '') },
    bundles: { active: activeBundles(contracts) },
  },
  validators: new ReleasedValidators(),
} as unknown as GatewayParts;

/**
 * Every example that some agency of one class may put to some agency of another, once for each pair of classes: of all
 * agencies that may, the first by name asks.
 */
export function agreements(): Agreement[] {
  const found = new Map<string, Agreement>();
  for (const requester of contracts.agencies.values()) {
    for (const [id, examples] of contracts.examples) {
      for (const agreement of examples.flatMap((one) => agreementsOn(requester, contracts.find(id), one))) {
        const key = `${agreement.pact} ${agreement.description}`;
        if (!found.has(key)) found.set(key, agreement);
      }
    }
  }
  return [...found.values()];
}

/** The example under the first of its own or the granted purposes that a provider accepts; none accepts: no agreement. */
function agreementsOn(requester: Agency, contract: Contract, example: ContractExample): Agreement[] {
  return settingsFor(requester, example)
    .map((setting) =>
      tryAsk(requester, contract, { ...example, request: { ...example.request, ...setting } }),
    )
    .reduce((first, next) => (first.length > 0 ? first : next), []);
}

function settingsFor(
  { region }: Agency,
  { request }: ContractExample,
): { purpose: Purpose; region: string }[] {
  const purposes = [request.purpose, ...[...contracts.purposes.values()].map(purposeOf)];
  return [request.region, region].flatMap((asked) => purposes.map((purpose) => ({ purpose, region: asked })));
}

function purposeOf({ code, requires }: { code: string; requires: 'campaign' | 'case' }): Purpose {
  const [campaign] = contracts.campaigns.keys();
  return requires === 'campaign' ? { code, campaign: campaign! } : { code, case: '990100-2026-000001' };
}

function tryAsk(requester: Agency, contract: Contract, example: ContractExample): Agreement[] {
  const call = callOf(requester, contract, example);
  return plansFor(call).flatMap((plan) => {
    if (!showsAll(contract, example, plan)) return [];
    const { provider } = plan;
    const pact = `${requester.class}-${provider.class}`;
    return [
      { pact, description: `${contract.id} ${example.name}`, requester, provider, example, call, plan },
    ];
  });
}

/** The example's request on its way through the gateway: as bytes, checked, in normal form. */
function callOf(requester: Agency, { id }: Contract, { request }: ContractExample): Call {
  const asker: Asker = {
    agency: requester,
    keyId: `${requester.id}/http-signature/1`,
    sigHash: Buffer.alloc(32),
  };
  return validate(gateway, asker, {
    method: 'POST',
    url: `/v1/queries/${id}`,
    headers: {},
    body: Buffer.from(JSON.stringify(request)),
    code: id,
    receivedAt: clock(),
    traceparent: randomUUID(),
  });
}

function plansFor(call: Call): Plan[] {
  try {
    return authorize(gateway, call).filter(isPlan);
  } catch (error) {
    if (error instanceof Problem && error.problem === 'provider-missing') return [];
    throw error;
  }
}

/** Rows outside the grant's regions would be held back: such an example says nothing about what is released. */
function showsAll({ regionField }: Contract, { reply }: ContractExample, { decision }: Plan): boolean {
  if (regionField === undefined) return true;
  const regions = reply.flatMap(({ records }) => records.map((record) => record[regionField] as string));
  return regions.every((region) => decision.grant.regions.some((granted) => covers(granted, region)));
}

function registryOf({ agencies }: Contracts) {
  return {
    v: 1 as const,
    number: 1,
    issuedAt: new Date(clock()).toISOString(),
    agencies: [...agencies.values()],
  };
}

function activeBundles(
  all: Contracts,
): (provider: string) => { number: number; table: GrantTable } | undefined {
  const tables = new Map([...all.agencies.values()].map((provider) => [provider.id, tableOf(all, provider)]));
  return (provider) => {
    const table = tables.get(provider);
    return table && { number: BUNDLE_NUMBER, table };
  };
}

function tableOf(all: Contracts, provider: Agency): GrantTable | undefined {
  const schemes = all.schemesOf(provider);
  if (schemes.length === 0) return undefined;
  const issuedAt = new Date(clock()).toISOString();
  const bundle = compileBundle({
    provider,
    number: BUNDLE_NUMBER,
    issuedAt,
    schemes,
    contracts: all.contracts,
  });
  return buildTable(bundle, all.contracts);
}
