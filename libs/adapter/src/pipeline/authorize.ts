import { askedMonths, claimNames } from '#exchange';
import { Problem } from '#problem';
import { decide, type Granted } from '#sharing';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';

/** A decision and the bundle that it was taken by. */
export interface Authorized {
  decision: Granted;
  bundle: number;
}

/**
 * The owner of the data decides, by the bundle that it signed itself. What the gateway decided, and which bundle it names,
 * changes nothing here.
 * @throws Problem with the code of the first rule that does not hold
 */
export function authorize({ node }: AdapterParts, { requester, question }: Asked): Authorized {
  const active = node.bundles.active(node.agency.id);
  if (!active) throw new Problem('not-granted');
  const months = askedMonths(question.params);
  const decision = decide(active.table, {
    requester: requester.id,
    requesterClass: requester.class,
    query: question.query,
    purpose: question.purpose,
    region: question.region,
    ...(question.fields && { fields: question.fields }),
    ...(months !== undefined && { months }),
    claims: claimNames(question.subjects),
    at: node.clock(),
  });
  if (!decision.granted) throw new Problem(decision.problem, { field: decision.field });
  return { decision, bundle: active.number };
}
