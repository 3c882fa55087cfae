import { type QueryId } from '#contracts';
import { type AskedSubject } from '#exchange';

/** What the pipeline asks of an agency's source: never more fields than were granted. */
export interface SourceQuestion {
  query: QueryId;
  region: string;
  subjects: readonly AskedSubject[];
  /** Contract fields to fetch: the granted ones, what a claim is compared with, and the region of a row. */
  fields: ReadonlySet<string>;
  params: Readonly<Record<string, unknown>>;
  /** Aborts when the question is given up: when its asker can wait no longer, and at the latest at the source's own limit. */
  signal: AbortSignal;
}

/** One record of the source in the contract's vocabulary, plain. Fields that were not asked for are absent. */
export type SourceRow = Record<string, unknown>;

/** A person whom a row is about, when that is not the subject asked about (a unit's staff). */
export interface ReturnedPerson {
  idType: string;
  id: string;
}

/** What is wrong with what the source holds: something that no table of the adapter maps, or a row about somebody else. */
export type Fault = 'unmapped' | 'other-person';

/**
 * What the source knows of one subject. `ambiguous`: more than one person answers to this identity. `unreadable`: a row of
 * this subject cannot be told; it is refused, the other subjects are not held up, and the breaker does not count it.
 *
 * `about`: the number by which the source's own record of the subject goes, in the normal form of the question. A handler
 * that does not use `ViewSource` gives it, unless each row has the person's number (`idNumber`): what is not shown to be
 * about the subject is refused.
 */
export type Finding =
  | { answer: 'found'; rows: SourceRow[]; persons?: ReturnedPerson[]; about?: string }
  | { answer: 'none' }
  | { answer: 'ambiguous' }
  | { answer: 'unreadable'; fault: Fault };

export interface SourceReply {
  /** State of the data, as the source tells it. */
  dataTime: Date;
  /** One finding for every position asked; a position without one is a fault of the adapter, never a `none`. */
  findings: ReadonlyMap<number, Finding>;
}

/** Answers one query from the agency's own system. Foreign names stop here. */
export interface QueryHandler {
  query: QueryId;
  /** @throws Problem `source-unavailable` or `source-timeout`; anything else becomes `source-unavailable` */
  lookUp(question: SourceQuestion): Promise<SourceReply>;
}
