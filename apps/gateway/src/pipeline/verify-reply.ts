import { checkBinding } from '#envelope';
import { subjectRoot, toReceipt, type Receipt, type RecordedEntry } from '#evidence';
import { type AnswerBody } from '#exchange';
import { topics, type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';
import { type Intent } from './record-intent.js';

/** A provider's answer that its own log vouches for. */
export interface Disclosed {
  entry: RecordedEntry;
  receipt: Receipt;
  body: AnswerBody;
}

/**
 * Is this the provider's answer to this question, and is it in the provider's log? Opened, held against what is awaited,
 * its entry verified and pinned. Anything else is noted in the security log and told to nobody.
 * @throws Problem `provider-evidence`
 */
export async function verifyReply(
  gateway: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
  reply: WireMessage,
): Promise<Disclosed> {
  const { node } = gateway;
  try {
    const opened = await node.opener.open(topics.reply(node.agency.id), reply);
    checkBinding(opened, {
      awaited: {
        from: node.agency.id,
        to: plan.provider.id,
        exchange: plan.exchange,
        query: call.contract.id,
        deadline: new Date(call.deadline).toISOString(),
        parent: intent.entry.leaf,
      },
      subjectRoot: () => subjectRoot(intent.kx, call.subjects),
    });
    node.peers.verify(opened.entry);
    const body = JSON.parse(opened.body.toString('utf8')) as AnswerBody;
    return { entry: opened.entry, receipt: toReceipt(opened.entry), body };
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof SyntaxError)) throw error;
    const { problem } = Problem.from(error);
    node.security.record({ code: problem, claimed: plan.provider.id, topic: topics.reply(node.agency.id) });
    node.logger.warn('reply refused', { exchange: plan.exchange, from: plan.provider.id, problem });
    throw new Problem('provider-evidence', { cause: error });
  }
}
