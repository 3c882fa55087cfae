import { subjectCommitment } from '#evidence';
import { type QuotaLeft } from '#exchange';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';

/**
 * Counts the subjects against the grant's quota in this node's database before anything is looked up. What is counted
 * stays counted when a later step fails: a quota that could be undone could be raced.
 * @throws Problem `burst`, `day-quota`, `subject-quota`
 */
export async function reserveQuota(
  { node, quota, repeats }: AdapterParts,
  asked: Asked,
  { decision }: Authorized,
): Promise<QuotaLeft> {
  const request = {
    requester: asked.requester.id,
    query: asked.contract.id,
    purpose: asked.question.purpose.code,
    quota: decision.grant.quota,
    at: node.clock(),
  };
  const subjects = asked.question.subjects.map(({ idType, normal }) =>
    subjectCommitment(node.epochKey, idType, normal),
  );
  if (!repeats.isCounted(asked.exchange)) {
    await quota.reserve({ ...request, subjects });
    repeats.counted(asked.exchange);
  }
  const { perDay } = await quota.left(request);
  return { perDay: { limit: perDay.limit, used: perDay.used }, resetsIn: perDay.resetSeconds };
}
