import { commitBody, subjectCommitment } from '#evidence';
import { countAnswers, countRows, encodeAnswer, sortedBasis, type AnswerBody } from '#exchange';
import { type AdapterParts } from '../adapter-parts.js';
import { type ReturnedPerson } from '../query-handler.js';
import { type Asked } from './asked.js';
import { type Disclosed } from './disclosed.js';
import { recordedBy } from './time-left.js';

/**
 * Records what is about to leave, released or refused, bound to the intent that asked for it. Nothing leaves before this
 * is durable; a bundle that changed in between rejects it.
 * @throws Problem `bundle-changed`, `answered-elsewhere`, `log-unavailable`, `provider-timeout` (too late to be recorded)
 */
export async function recordDisclosure(
  { node, repeats }: AdapterParts,
  asked: Asked,
  answer: AnswerBody,
  persons: readonly ReturnedPerson[],
  basis: readonly string[],
): Promise<Disclosed> {
  const body = encodeAnswer(answer);
  const { nonce, hash } = commitBody(body);
  await repeats.keep(asked, { bodyHash: hash, body, bodyNonce: nonce });
  const others = persons.map(({ idType, id }) => subjectCommitment(node.epochKey, idType, id));
  const releases = answer.results.some(({ answer: word }) => word !== 'refused' && word !== 'unavailable');
  const entry = await node.log.append({
    kind: 'disclosure',
    exchange: asked.exchange,
    deadline: new Date(asked.deadline).toISOString(),
    from: node.agency.id,
    to: asked.requester.id,
    query: asked.contract.id,
    region: asked.question.region,
    bundle: answer.bundle,
    subjects: asked.question.subjects.length,
    parent: asked.intent.leaf.toString('base64url'),
    outcomes:
      answer.results.length > 0
        ? countAnswers(answer.results)
        : { [answer.answer]: asked.question.subjects.length },
    rows: countRows(answer.results),
    heldBack: answer.heldBack,
    ...(answer.reason !== undefined && { reason: answer.reason }),
    private: {
      purpose: asked.question.purpose,
      basis: sortedBasis(basis),
      fields: answer.fields,
      subjectRoot: asked.intentPrivate.subjectRoot!,
      bodyHash: hash.toString('base64url'),
      ...(answer.dataTime !== undefined && { dataTime: answer.dataTime }),
    },
    subjectIndex: [...asked.commitments, ...others],
    parentReceipt: asked.intent,
    recordBefore: recordedBy(asked),
    ...(releases && { requiresBundle: { provider: node.agency.id, number: answer.bundle } }),
  });
  return repeats.firstAnswer(asked, { entry, body, bodyNonce: nonce, bundle: answer.bundle }, hash);
}
