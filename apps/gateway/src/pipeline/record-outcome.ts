import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parsePublicLine, type Appended, type EntryDraft } from '#evidence';
import { countAnswers } from '#exchange';
import { Problem, type ProblemName } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Trail } from './answered.js';
import { type Asker, type Call, type Plan, type Refusal } from './call.js';
import { type Intent } from './record-intent.js';
import { type Disclosed } from './verify-reply.js';

/** Between two tries to record what has come, milliseconds. */
const AGAIN_MS = 200;

const leafText = (leaf: Buffer): string => leaf.toString('base64url');

/** The question is answered: what came of it, bound to the provider's own entry. Nothing is released before this is durable. */
export async function recordOutcome(
  gateway: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
  { entry, body }: Disclosed,
): Promise<Trail> {
  const trail: Trail = {
    ...trailOf(plan, intent),
    disclosure: leafText(entry.leaf),
    outcomes: body.results.length > 0 ? countAnswers(body.results) : { [body.answer]: call.subjects.length },
    ...(body.reason !== undefined && { reason: body.reason }),
  };
  const draft = { ...outcomeOf(gateway, call, trail), parentReceipt: entry };
  try {
    const { existing, publicLine } = await appendInTime(gateway, draft, call.deadline);
    if (existing && parsePublicLine(publicLine).answer !== trail.disclosure)
      throw new Problem('provider-timeout', { detail: 'the exchange was closed as unknown' });
    return trail;
  } catch (error) {
    gateway.late.disclosed(plan.exchange, entry, call.deadline); // it is here, whatever the asker is told
    throw error;
  }
}

/**
 * What the provider disclosed is here: while its asker waits, a log that cannot take it now, or did so and could not say so,
 * is given it again. To close the exchange as one to which nothing came would be untrue, and would never reconcile.
 */
async function appendInTime({ node }: GatewayParts, draft: EntryDraft, deadline: number): Promise<Appended> {
  for (;;) {
    try {
      return await node.log.append(draft);
    } catch (error) {
      const passing = error instanceof Problem && error.problem === 'log-unavailable';
      if (!passing || node.clock() + AGAIN_MS >= deadline) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

/** Asked, but nothing usable came back: the reason stands where the answer would. */
export async function recordFailure(
  gateway: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
  reason: ProblemName,
): Promise<Trail> {
  const trail: Trail = { ...trailOf(plan, intent), outcomes: { unavailable: call.subjects.length }, reason };
  await gateway.node.log.append(outcomeOf(gateway, call, trail));
  return trail;
}

/** Not asked, because the requester's own grants do not allow it. */
export async function recordRefusal(gateway: GatewayParts, call: Call, refusal: Refusal): Promise<Trail> {
  const { exchange, provider, bundle, problem } = refusal;
  const trail: Trail = {
    exchange,
    provider: provider.id,
    ...(bundle !== undefined && { bundle }),
    outcomes: { refused: call.subjects.length },
    reason: problem,
  };
  await gateway.node.log.append(outcomeOf(gateway, call, trail));
  return trail;
}

/** Input of a known asker that never became a question: recorded with its code, without anything that it held. */
export async function recordBadInput(
  { node }: GatewayParts,
  asker: Asker,
  reason: ProblemName,
): Promise<void> {
  await node.log.append({
    kind: 'outcome',
    exchange: randomUUID(),
    from: node.agency.id,
    to: node.agency.id,
    outcomes: { refused: 1 },
    reason,
    private: { sigHash: asker.sigHash.toString('base64url') },
  });
}

/** A stored answer given once more. It is a release of its own, so it has an entry of its own. */
export async function recordReplay(gateway: GatewayParts, call: Call, trail: Trail): Promise<void> {
  const again = { ...trail, exchange: randomUUID() };
  await gateway.node.log.append({ ...outcomeOf(gateway, call, again), replayed: true });
}

function outcomeOf({ node }: GatewayParts, call: Call, trail: Trail): EntryDraft {
  const { asker, contract, request, subjects } = call;
  return {
    kind: 'outcome',
    exchange: trail.exchange,
    deadline: new Date(call.deadline).toISOString(),
    from: node.agency.id,
    to: trail.provider,
    query: contract.id,
    region: request.region,
    subjects: subjects.length,
    outcomes: trail.outcomes,
    ...(trail.bundle !== undefined && { bundle: trail.bundle }),
    ...(trail.intent !== undefined && { parent: trail.intent }),
    ...(trail.disclosure !== undefined && { answer: trail.disclosure }),
    ...(trail.reason !== undefined && { reason: trail.reason }),
    private: { purpose: request.purpose, call: call.id, sigHash: asker.sigHash.toString('base64url') },
  };
}

function trailOf(plan: Plan, intent: Intent): Pick<Trail, 'exchange' | 'provider' | 'bundle' | 'intent'> {
  return {
    exchange: plan.exchange,
    provider: plan.provider.id,
    bundle: plan.bundle,
    intent: leafText(intent.entry.leaf),
  };
}
