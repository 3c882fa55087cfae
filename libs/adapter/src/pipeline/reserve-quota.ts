import { type QuotaLeft } from '#exchange';
import { type AdapterParts } from '../adapter-parts.js';
import { KEEP_MS } from '../repeats.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';

/**
 * Counts the subjects against the grant's quota in this node's database before anything is looked up. What is counted
 * stays counted when a later step fails: a quota that could be undone could be raced. Asked again, by this instance or
 * another, the exchange is not counted again.
 * @throws Problem `burst`, `day-quota`, `subject-quota`, `none-quota`; `envelope-replayed` when it was counted for another question
 */
export async function reserveQuota(
  { node, quota }: AdapterParts,
  asked: Asked,
  { decision }: Authorized,
): Promise<QuotaLeft> {
  const reservation = {
    exchange: asked.exchange,
    until: asked.deadline + KEEP_MS,
    requester: asked.requester.id,
    query: asked.contract.id,
    purpose: asked.question.purpose.code,
    quota: decision.grant.quota,
    subjects: asked.commitments,
    at: node.clock(),
  };
  const { limit, used, resetSeconds } = await quota.reserve(reservation);
  return { perDay: { limit, used }, resetsIn: resetSeconds };
}
