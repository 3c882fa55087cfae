import { type Purpose, type QueryId } from '#contracts';
import { monthsBetween, parseMonth } from '#identifiers';

/** One subject as the gateway normalised it. `idType` is `uscc` when the query asks about units. */
export interface AskedSubject {
  /** Place in the requester's `subjects`. */
  position: number;
  idType: string;
  /** Normal form: 18 characters with upper-case X, or the normal form of the permit. */
  normal: string;
  claims?: Record<string, string>;
}

/** What a gateway asks one provider, inside the seal. The bytes of its JSON are what the intent's `bodyHash` covers. */
export interface Question {
  query: QueryId;
  purpose: Purpose;
  region: string;
  /** Fields wanted; absent = all that the provider's scheme grants. */
  fields?: string[];
  params: Record<string, unknown>;
  subjects: AskedSubject[];
}

/**
 * Inclusive length in months of a `months` or `month` parameter; undefined when the question has none.
 * @throws Problem `schema-invalid` when a month is malformed or the range is reversed
 */
export function askedMonths(params: Record<string, unknown>): number | undefined {
  if (typeof params['month'] === 'string') return 1;
  const range = params['months'] as { from: string; to: string } | undefined;
  if (range === undefined) return undefined;
  const field = '/params/months';
  return monthsBetween(parseMonth(range.from, field), parseMonth(range.to, field), field);
}

/** Names of the claims that came with any subject. A subject without one gets no answer for the field it is for. */
export function claimNames(subjects: readonly { claims?: Record<string, string> }[]): string[] {
  return [...new Set(subjects.flatMap(({ claims }) => Object.keys(claims ?? {})))];
}
