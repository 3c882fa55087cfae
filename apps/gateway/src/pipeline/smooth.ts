import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan, type Refusal } from './call.js';

/** Spreads the questions of one grant over time, so that a burst waits here instead of being refused by the provider. */
export async function smooth(gateway: GatewayParts, call: Call, plan: Plan): Promise<Plan | Refusal> {
  const { exchange, provider, bundle, decision } = plan;
  const key = [provider.id, call.contract.id, call.request.purpose.code].join(' ');
  try {
    await gateway.smoother.take(key, call.subjects.length, decision.grant.quota.burst, call.deadline);
    return plan;
  } catch (error) {
    const { problem, field, extensions } = Problem.from(error);
    const { retryAfter } = extensions;
    return {
      ...{ exchange, provider, bundle, problem },
      ...(field !== undefined && { field }),
      ...(typeof retryAfter === 'number' && { retryAfter }),
    };
  }
}
