import { inSpan } from '#observability';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';
import { type Released } from './release.js';

/**
 * Counts the subjects of whom there is nothing, where the grant limits them, before that is told: who tries one id after the
 * other has many. A number that the owner of the data sets, not a share: of some queries `none` is the rule, and known persons
 * among the others would thin a share out. An exchange that fails after this and comes again is counted again.
 * @throws Problem `log-unavailable`
 */
export async function countNone(
  { node, quota }: AdapterParts,
  { requester, contract, question }: Asked,
  { decision }: Authorized,
  { results }: Released,
): Promise<void> {
  const count = results.filter(({ answer }) => answer === 'none').length;
  if (decision.grant.quota.nonePerDay === undefined || count === 0) return;
  const key = { requester: requester.id, query: contract.id, purpose: question.purpose.code };
  await inSpan('count none', {}, () => quota.countNone({ ...key, count, at: node.clock() }));
}
