import { countRows, releaseModes, summarize, type AnswerBody, type QuotaLeft } from '#exchange';
import { Problem } from '#problem';
import { type SourceReply } from '../query-handler.js';
import { type Authorized } from './authorize.js';
import { type Released } from './release.js';

/** The answer that a released set of results makes. */
export function answerOf(
  source: string,
  { decision, bundle }: Authorized,
  reply: SourceReply,
  released: Released,
  quota: QuotaLeft,
): AnswerBody {
  const { results, heldBack } = released;
  return {
    answer: summarize(results.map(({ answer }) => answer)),
    source,
    dataTime: reply.dataTime.toISOString(),
    bundle,
    results,
    withheld: [...decision.withheld],
    fields: countRows(results) > 0 ? releaseModes(decision.fields) : {},
    heldBack,
    quota,
  };
}

/**
 * The answer that a refusal or a failure makes. What the requester's own grants refuse is said precisely; nothing here
 * depends on whether a person exists.
 */
export function refusalOf(source: string, bundle: number, error: unknown): AnswerBody {
  const { problem, status, field, extensions } = Problem.from(error);
  return {
    answer: status >= 500 ? 'unavailable' : 'refused',
    source,
    bundle,
    results: [],
    withheld: [],
    fields: {},
    heldBack: 0,
    reason: problem,
    ...(field !== undefined && { field }),
    ...(typeof extensions['retryAfter'] === 'number' && { retryAfter: extensions['retryAfter'] }),
  };
}
