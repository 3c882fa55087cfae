import canonicalize from 'canonicalize';
import { type Answer, type SubjectResult } from '#contracts';

/** A field that the contract has and this answer has not, and why. */
export interface WithheldField {
  field: string;
  reason: string;
}

/** What is left of a grant's quota after this answer. */
export interface QuotaLeft {
  perDay: { limit: number; used: number };
  /** Seconds until the day's quota starts again, Asia/Shanghai. */
  resetsIn: number;
}

/** A provider's answer, inside the seal. The bytes of its JSON are what the disclosure's `bodyHash` covers. */
export interface AnswerBody {
  answer: Answer;
  /** Agency whose data this is. */
  source: string;
  /** State of the source's data, UTC. */
  dataTime?: string;
  bundle: number;
  results: SubjectResult[];
  withheld: WithheldField[];
  /** Granted field to release mode. */
  fields: Record<string, string>;
  /** Rows not released because their region is outside the grant. */
  heldBack: number;
  quota?: QuotaLeft;
  /** Name of a problem, when the whole exchange is refused or unavailable. */
  reason?: string;
  /** JSON pointer of the input that the refusal is about. */
  field?: string;
  /** Seconds after which asking again may help. */
  retryAfter?: number;
}

/**
 * The bytes of an answer as sent and committed to: canonical JSON (RFC 8785), so that whoever holds the values and the
 * nonce can recompute the `bodyHash` that the provider's log vouches for, whatever order they arrived in.
 */
export function encodeAnswer(body: AnswerBody): Buffer {
  return Buffer.from(canonicalize(body)!);
}

/**
 * The one word for many subjects. Found wins because something was released; a failure outranks `none`, because a `none`
 * must be true for everybody it speaks of.
 */
export function summarize(answers: readonly Answer[]): Answer {
  for (const answer of ['found', 'ambiguous', 'unavailable', 'refused', 'partial'] as const) {
    if (answers.includes(answer)) return answer;
  }
  return 'none';
}

/** How many subjects got which answer: what the public lines of an exchange count. */
export function countAnswers(results: readonly SubjectResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { answer } of results) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** Field to release mode: what an entry says was granted. */
export function releaseModes(fields: ReadonlyMap<string, { release: string }>): Record<string, string> {
  return Object.fromEntries([...fields].map(([name, { release }]) => [name, release]));
}

/** Legal bases as an entry lists them: sorted by code unit, each once (design: An entry, byte by byte). */
export function sortedBasis(basis: readonly string[]): string[] {
  return [...new Set(basis)].sort();
}

/** Records released, over all subjects. */
export function countRows(results: readonly SubjectResult[]): number {
  return results.reduce((rows, { records }) => rows + records.length, 0);
}
