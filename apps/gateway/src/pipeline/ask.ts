import { firstValueFrom } from 'rxjs';
import { topics, type WireMessage } from '#messaging';
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
  return firstValueFrom(client.send<WireMessage>(topics.request(plan.provider.id), sealed));
}
