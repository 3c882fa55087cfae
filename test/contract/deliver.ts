import { randomUUID } from 'node:crypto';
import { type MessageFromProviderWithMetadata } from '@pact-foundation/pact';
import { type Question } from '#exchange';
import { continueTrace, ExchangeClient, topics, type CheckedQuestion, type WireMessage } from '#messaging';
import { Metrics } from '#observability';
import { Problem } from '#problem';
import { LateReplies } from '../../apps/gateway/src/late-replies.js';
import { type GatewayParts } from '../../apps/gateway/src/parts.js';
import { ask } from '../../apps/gateway/src/pipeline/ask.js';
import { authorize, isPlan } from '../../apps/gateway/src/pipeline/authorize.js';
import { type Call, type Plan } from '../../apps/gateway/src/pipeline/call.js';
import { recordIntent } from '../../apps/gateway/src/pipeline/record-intent.js';
import { recordOutcome } from '../../apps/gateway/src/pipeline/record-outcome.js';
import { validateReply } from '../../apps/gateway/src/pipeline/validate-reply.js';
import { verifyReply, type Refusals } from '../../apps/gateway/src/pipeline/verify-reply.js';
import { ReleasedValidators } from '../../apps/gateway/src/released-validators.js';
import { type TestProvince } from '../support/use-province.js';
import { type StateParameters } from './pact-files.js';

/** No gateway of the test province holds this one of the reply topic's 32 partitions. */
const OWN_PARTITION = 31;

/** What an exchange brought, and the bytes that travelled for it. */
export interface Delivered {
  answer: MessageFromProviderWithMetadata;
  /** The question as the intent commits to it. */
  asked: unknown;
  requestType: string | undefined;
}

/**
 * Puts a pact's question to the provider the way a gateway does: recorded, sealed, over the transport, the reply opened,
 * verified, checked and recorded. The answer is what stood inside the reply's seal, its metadata what stood outside.
 */
export async function deliver(
  province: TestProvince,
  question: Question,
  { requester, provider }: StateParameters,
): Promise<Delivered> {
  const { node } = province.gateways.get(requester)!;
  const client = new ExchangeClient({
    broker: province.bus,
    reply: { topic: topics.reply(requester), partition: OWN_PARTITION },
  });
  await client.connect();
  let requestType: string | undefined;
  let replyType: string | undefined;
  const seen = {
    send: <R>(topic: string, question: CheckedQuestion<R>) => {
      requestType = question.message.headers['ce_type'];
      return client.send<R>(topic, question);
    },
  };
  try {
    const late = new LateReplies(node, new Metrics({ agency: requester, role: 'gateway', ordinal: '31' }));
    const parts = { node, client: seen, validators: new ReleasedValidators(), late };
    const gateway = parts as unknown as GatewayParts;
    const call = callOf(gateway, question);
    const plan = planFor(gateway, call, provider);
    const intent = await recordIntent(gateway, call, plan);
    const refusals: Refusals = {};
    const verify = (reply: WireMessage) => {
      replyType = reply.headers['ce_type'];
      return verifyReply(gateway, call, plan, intent, reply, refusals);
    };
    const verified = await ask(gateway, call, plan, intent, verify, refusals);
    const disclosed = validateReply(gateway, call, plan, verified);
    await recordOutcome(gateway, call, plan, intent, disclosed);
    const metadata = { ce_type: replyType!, contentType: 'application/json' };
    const asked = JSON.parse(intent.body.toString('utf8')) as unknown;
    return { answer: { __pactMessageMetadata: metadata, message: disclosed.body }, asked, requestType };
  } finally {
    await client.close();
  }
}

/** The call that this question came from: what a gateway knows when its checks are done. */
function callOf({ node }: GatewayParts, question: Question): Call {
  const { query, purpose, region, fields, params, subjects } = question;
  const receivedAt = node.clock();
  return {
    id: randomUUID(),
    asker: { agency: node.agency, keyId: 'pact', sigHash: Buffer.alloc(32) },
    contract: node.contracts.find(query),
    request: {
      requestId: randomUUID(),
      operatorId: 'pact',
      purpose,
      region,
      params,
      subjects: [],
      ...(fields && { fields }),
    },
    bodyDigest: Buffer.alloc(32),
    subjects,
    notices: [],
    receivedAt,
    deadline: receivedAt + 30_000,
    traceparent: continueTrace(),
  };
}

function planFor(gateway: GatewayParts, call: Call, provider: string): Plan {
  const item = authorize(gateway, call).find((one) => one.provider.id === provider);
  if (item && isPlan(item)) return item;
  throw new Problem(item?.problem ?? 'provider-missing');
}
