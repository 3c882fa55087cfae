import { firstValueFrom } from 'rxjs';
import { topics, type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';
import { type Intent } from './record-intent.js';

/**
 * Seals the question to its provider together with the intent that proves it was recorded, and waits for the reply. In
 * doubt the client sends the same sealed message again; the provider answers a repeated one with the same reply.
 */
export async function ask(
  { node, client }: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
): Promise<WireMessage> {
  const sealed = await node.sealer.seal({
    topic: topics.request(plan.provider.id),
    kind: 'request',
    exchange: plan.exchange,
    from: node.agency.id,
    to: plan.provider.id,
    bundle: plan.bundle,
    deadline: new Date(call.deadline).toISOString(),
    traceparent: call.traceparent,
    entry: intent.entry,
    bodyNonce: intent.bodyNonce,
    kx: intent.kx,
    body: intent.body,
  });
  try {
    return await firstValueFrom(client.send<WireMessage>(topics.request(plan.provider.id), sealed));
  } catch (error) {
    throw unsigned(error);
  }
}

/**
 * A reply without a body names its problem in a header that nobody signed: it may end the waiting as a failure of the
 * other side, but it must not tell the asker that it was refused.
 */
function unsigned(error: unknown): Problem {
  const problem = Problem.from(error);
  const own = problem.status >= 500 || problem.problem === 'body-too-large';
  return own ? problem : new Problem('provider-evidence', { cause: problem });
}
