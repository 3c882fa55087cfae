import { firstValueFrom } from 'rxjs';
import { cameInTime } from '#evidence';
import { topics, type CheckedQuestion, type WireMessage } from '#messaging';
import { boundToSpan, currentTraceparent } from '#observability';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';
import { type Intent } from './record-intent.js';
import { type Refusals } from './verify-reply.js';

/**
 * Seals the question to its provider together with the intent that proves it was recorded, and waits for a reply that can
 * be verified: what cannot is noted and waited past, so that whoever can write to the reply topic cannot end the waiting.
 * In doubt the client sends the same sealed message again; the provider answers a repeated one with the same reply.
 * @param verify undefined for what is not the provider's reply
 * @param refusals what `verify` refused: why nothing came in time, for this node's own log
 */
export async function ask<R>(
  { node, client }: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
  verify: (reply: WireMessage) => Promise<R | undefined>,
  refusals: Refusals,
): Promise<R> {
  const sealed = await node.sealer.seal({
    topic: topics.request(plan.provider.id),
    kind: 'request',
    exchange: plan.exchange,
    from: node.agency.id,
    to: plan.provider.id,
    bundle: plan.bundle,
    deadline: new Date(call.deadline).toISOString(),
    traceparent: currentTraceparent() ?? call.traceparent,
    entry: intent.entry,
    bodyNonce: intent.bodyNonce,
    kx: intent.kx,
    body: intent.body,
  });
  try {
    const question: CheckedQuestion<R> = { message: sealed, accept: boundToSpan(verify) };
    return await firstValueFrom(client.send<R>(topics.request(plan.provider.id), question));
  } catch (error) {
    throw explained(unsigned(error), refusals);
  }
}

/**
 * A reply without a body names its problem in a header that nobody signed. It shortens nothing; at the deadline it may say
 * why the other side failed, but it must not tell the asker that it was refused, nor the log that an answer came.
 */
function unsigned(error: unknown): Problem {
  const problem = Problem.from(error);
  const mayBe = problem.status >= 500 || problem.problem === 'body-too-large';
  const own = mayBe && !cameInTime(problem.problem);
  return own ? problem : new Problem('provider-timeout', { cause: problem });
}

/** Nothing in time, though something came: the asker is told the first only. */
function explained(problem: Problem, { last }: Refusals): Problem {
  const late = problem.problem === 'provider-timeout' && last !== undefined;
  return late ? new Problem('provider-timeout', { cause: last }) : problem;
}
