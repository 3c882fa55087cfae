import { randomUUID } from 'node:crypto';
import { type Agency } from '#contracts';
import { askedMonths, claimNames } from '#exchange';
import { Problem } from '#problem';
import { decide, type Ask } from '#sharing';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan, type Refusal } from './call.js';

/**
 * May it be asked? Each provider's own bundle is evaluated here first, only to refuse early and precisely; the provider
 * evaluates it again and its word holds.
 */
export function authorize(gateway: GatewayParts, call: Call): (Plan | Refusal)[] {
  const { contract, request } = call;
  const providers = gateway.node.registry.current.providersOf(contract.code, request.region);
  if (providers.length === 0) throw new Problem('provider-missing', { field: '/region' });
  return providers.map((provider) => decideFor(gateway, call, provider));
}

export function isPlan(item: Plan | Refusal): item is Plan {
  return 'decision' in item;
}

function decideFor({ node }: GatewayParts, call: Call, provider: Agency): Plan | Refusal {
  const exchange = randomUUID();
  const active = node.bundles.active(provider.id);
  if (!active) return { exchange, provider, problem: 'not-granted' };
  const decision = decide(active.table, askOf(call));
  if (decision.granted) return { exchange, provider, bundle: active.number, decision };
  const { problem, field } = decision;
  return { exchange, provider, bundle: active.number, problem, ...(field !== undefined && { field }) };
}

function askOf({ asker, contract, request, subjects, receivedAt }: Call): Ask {
  const months = askedMonths(request.params ?? {});
  return {
    requester: asker.agency.id,
    requesterClass: asker.agency.class,
    query: contract.id,
    purpose: request.purpose,
    region: request.region,
    ...(request.fields && { fields: request.fields }),
    ...(months !== undefined && { months }),
    claims: claimNames(subjects),
    at: receivedAt,
  };
}
