import { inSpan } from '#observability';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';
import { type Released } from './release.js';
import { requireRecordable } from './time-left.js';

/**
 * Counts the subjects of whom there is nothing, where the grant limits them, before that is told: who tries one id after the
 * other has many. A number that the owner of the data sets, not a share: of some queries `none` is the rule, and known persons
 * among the others would thin a share out. Every answer comes by here, also where all are found: one that takes another way
 * would be told by its time, and at the limit none of those in hand is given.
 *
 * Before it is recorded, not after: the count decides what is recorded, and what is told uncounted, because of a crash or a
 * repeat in between, would have no limit. An exchange whose recording fails afterwards has counted once, whatever was tried.
 * Counted and not disclosed, it tells, by the next refusal, at most one word a day, to somebody who is then refused all and
 * whose intent is recorded; the time in which he could bring that about is that of the append, as what is too late already is
 * not counted.
 * @throws Problem `none-quota`, `log-unavailable`, and {@link TooLate}
 */
export async function countNone(
  { node, quota }: AdapterParts,
  asked: Asked,
  { decision }: Authorized,
  { results }: Released,
): Promise<void> {
  const limit = decision.grant.quota.nonePerDay;
  if (limit === undefined) return;
  requireRecordable(node, asked);
  const { exchange, requester, contract, question } = asked;
  const key = { requester: requester.id, query: contract.id, purpose: question.purpose.code };
  const count = results.filter(({ answer }) => answer === 'none').length;
  await inSpan('count none', {}, () => quota.countNone({ ...key, exchange, count, limit, at: node.clock() }));
}
