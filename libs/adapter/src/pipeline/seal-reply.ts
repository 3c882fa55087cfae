import { topics, type WireMessage } from '#messaging';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';
import { type Disclosed } from './disclosed.js';

/**
 * Room for one subject's answer, bytes. Replies are padded to a size class that the usual answer of a few
 * records fits, so that the broker cannot tell found from none by their size; an answer of many records shows that it is one.
 */
const PER_SUBJECT = 512;

/** Seals the answer to the requester together with the disclosure that proves it was recorded. */
export async function sealReply(
  { node, observe }: AdapterParts,
  asked: Asked,
  disclosed: Disclosed,
): Promise<WireMessage> {
  const { entry, body, bodyNonce, bundle } = disclosed;
  const sealed = await node.sealer.seal({
    topic: topics.reply(asked.requester.id),
    kind: 'reply',
    exchange: asked.exchange,
    from: node.agency.id,
    to: asked.requester.id,
    bundle,
    deadline: new Date(asked.deadline).toISOString(),
    ...(asked.traceparent !== undefined && { traceparent: asked.traceparent }),
    entry,
    bodyNonce,
    body,
    atLeast: asked.question.subjects.length * PER_SUBJECT,
  });
  observe.answered(asked);
  return sealed;
}
