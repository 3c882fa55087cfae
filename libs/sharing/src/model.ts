import { type LegalBasis, type Purpose, type QueryId, type ReleaseMode } from '#contracts';

/** How one granted field leaves. `mask` names a rule of libs/masking with its parameters. */
export type FieldRule =
  | { release: 'plain' }
  | { release: 'mask'; mask: string; [parameter: string]: unknown }
  | { release: 'match'; claim: string }
  | { release: 'band'; bands: readonly number[] }
  | { release: 'pseudonym' };

/** One grant as written in `contracts/sharing/<provider>/<requester>.yaml`. */
export interface Grant {
  query: QueryId;
  purposes: { code: string; campaigns?: string[] }[];
  legalBasis: LegalBasis[];
  fields: Record<string, FieldRule>;
  /** GB/T 2260 codes; a code covers everything below it. */
  regions: string[];
  rows: { max: number; months?: number };
  validity: { from: string; to: string };
  /** `nonePerDay`: how many subjects a day may turn out to have no record; absent: as many as are asked about. */
  quota: { perDay: number; perSubjectPerDay: number; burst: number; nonePerDay?: number };
  suspended?: { since: string; reason: string };
}

/** One sharing scheme file. `provider` and `requester` name an agency, or a class that stands for each of its agencies. */
export interface Scheme {
  scheme: string;
  version: number;
  provider: string;
  requester: string;
  grants: Grant[];
}

/** All schemes of one provider, numbered; signed as a C2SP signed note with the provider's scheme key. */
export interface Bundle {
  v: 1;
  provider: string;
  number: number;
  /** UTC, milliseconds, `Z`. */
  issuedAt: string;
  schemes: Scheme[];
}

/** What `decide` is asked. Everything it needs is in here: no clock, no I/O. */
export interface Ask {
  requester: string;
  requesterClass: string;
  query: QueryId;
  purpose: Purpose;
  region: string;
  fields?: readonly string[];
  /** Length of the asked month range, when the query has one. */
  months?: number;
  /** Names of claims sent with every subject. */
  claims: readonly string[];
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Withheld {
  field: string;
  reason: 'not-granted' | 'not-asked' | 'no-claim';
}

export type { LegalBasis, Purpose, QueryId, ReleaseMode };
