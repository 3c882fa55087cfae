import { topics, type WireMessage } from '#messaging';
import { currentTraceparent } from '#observability';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';
import { type Disclosed } from './disclosed.js';
import { replyRoom } from './reply-room.js';

/**
 * Seals the answer to the requester together with the disclosure that proves it was recorded, in the size class of the
 * usual answer to its question.
 */
export async function sealReply(
  { node, observe }: AdapterParts,
  asked: Asked,
  disclosed: Disclosed,
): Promise<WireMessage> {
  const { entry, body, bodyNonce, bundle } = disclosed;
  const traceparent = currentTraceparent() ?? asked.traceparent;
  const sealed = await node.sealer.seal({
    topic: topics.reply(asked.requester.id),
    kind: 'reply',
    exchange: asked.exchange,
    from: node.agency.id,
    to: asked.requester.id,
    bundle,
    deadline: new Date(asked.deadline).toISOString(),
    ...(traceparent !== undefined && { traceparent }),
    entry,
    bodyNonce,
    body,
    atLeast: replyRoom(asked.contract, asked.question),
  });
  observe.answered(asked);
  return sealed;
}
