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
  /** Aborts at the exchange's deadline, or when the source's own limit is reached. */
  signal: AbortSignal;
}

/** One record of the source in the contract's vocabulary, plain. Fields that were not asked for are absent. */
export type SourceRow = Record<string, unknown>;

/** A person whom a row is about, when that is not the subject asked about (a unit's staff). */
export interface ReturnedPerson {
  idType: string;
  id: string;
}

/** What the source knows of one subject. `ambiguous`: more than one person answers to this identity. */
export type Finding =
  | { answer: 'found'; rows: SourceRow[]; persons?: ReturnedPerson[] }
  | { answer: 'none' }
  | { answer: 'ambiguous' };

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
