import { checkBinding, type Opened } from '#envelope';
import { toReceipt, type PrivateLine, type PublicLine, type Receipt, type RecordedEntry } from '#evidence';
import { type AnswerBody } from '#exchange';
import { topics, type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';
import { isOwnFailure } from './own-failures.js';
import { type Intent } from './record-intent.js';

/** A provider's answer that its own log vouches for. */
export interface Disclosed {
  entry: RecordedEntry;
  /** What the entry says of the answer: the counts for everybody, the rest for us. */
  line: PublicLine;
  kept: PrivateLine;
  receipt: Receipt;
  body: AnswerBody;
  /** With the body it gives the hash in the receipt's private line. Unpadded base64url. */
  bodyNonce: string;
}

/** The same as it came: what it says is read by the next step. */
export interface Verified extends Omit<Disclosed, 'body'> {
  body: Buffer;
}

/** What was taken for no answer while an exchange waited for one. */
export interface Refusals {
  /** The newest: at the deadline it tells an operator why nothing came. */
  last?: Problem;
}

/**
 * Is this the provider's answer to this question, and is it in the provider's log? Opened, held against what is awaited,
 * its entry verified and pinned. Anything else is noted in the security log, kept as the last refusal, told to nobody, and
 * not the answer (undefined). What came too late is for `LateReplies`.
 * @throws as it is, a failure of this node
 */
export async function verifyReply(
  gateway: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
  reply: WireMessage,
  refusals: Refusals,
): Promise<Verified | undefined> {
  const opened = await openReply(gateway, call, plan, intent, reply, refusals);
  if (!opened) return undefined;
  const { entry, publicLine: line, privateLine: kept, body } = opened;
  const bodyNonce = opened.bodyNonce.toString('base64url');
  return { entry, line, kept: kept!, receipt: toReceipt(entry), body, bodyNonce };
}

async function openReply(
  { node, late }: GatewayParts,
  call: Call,
  { provider, exchange }: Plan,
  intent: Intent,
  reply: WireMessage,
  refusals: Refusals,
): Promise<Opened | undefined> {
  const topic = topics.reply(node.agency.id);
  try {
    const opened = await node.opener.open(topic, reply);
    checkBinding(opened, {
      awaited: {
        from: node.agency.id,
        to: provider.id,
        exchange,
        query: call.contract.id,
        deadline: new Date(call.deadline).toISOString(),
        parent: intent.entry.leaf,
      },
      subjectRoot: () => intent.subjectRoot,
    });
    node.peers.verify(opened.entry);
    return opened;
  } catch (error) {
    if (!(error instanceof Problem) || isOwnFailure(error)) {
      late.keep(reply); // nothing is said against it: when this node can, it says that it came
      throw error;
    }
    const { problem } = error;
    refusals.last = error;
    if (problem === 'envelope-expired') {
      late.keep(reply); // its deadline came while it was looked at
      return undefined;
    }
    node.security.record({ code: problem, claimed: provider.id, topic });
    node.logger.warn('reply refused', { exchange, from: provider.id, problem });
    return undefined;
  }
}
