import { shanghaiDay } from '#identifiers';
import { topics } from '#messaging';
import { Problem } from '#problem';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';

/**
 * Somebody of the provider's has to ask what this requester is after: the refusals are in the log, the alert comes from here.
 * One event a day: who is refused goes on asking, and the security log keeps only so many.
 */
export function noteSearch(
  { node: { security, agency, clock } }: Pick<AdapterParts, 'node'>,
  { requester, contract, question }: Asked,
  error: unknown,
): void {
  if (!(error instanceof Problem) || error.problem !== 'none-quota') return;
  security.record({
    ...{ code: 'none-quota', claimed: requester.id, topic: topics.request(agency.id) },
    about: [shanghaiDay(clock()), contract.id, question.purpose.code].join('/'),
  });
}
