/** What a granted field may leave as. Not granted = does not leave. */
export const RELEASE_MODES = ['plain', 'mask', 'match', 'band', 'pseudonym'] as const;
export type ReleaseMode = (typeof RELEASE_MODES)[number];

/** How much harm a field can do; `sensitive` is PIPL art. 28 and GB/T 35273 annex B. */
export const CLASSIFICATIONS = ['public', 'internal', 'personal', 'sensitive'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** Class of agency: decides which contracts it may own (`owner` in contract.yaml). */
export type AgencyClass = 'housing' | 'hrss' | 'fund' | 'data';

/** What a query asks about. */
export type SubjectKind = 'person' | 'unit';

/** `HR-SI-01@1`: a query code with its contract version. */
export type QueryId = `${string}@${number}`;

export interface LegalBasis {
  /** Number or name of the document, e.g. `晋建审字〔2024〕179号`. */
  document: string;
  /** Section or article, e.g. `二(二)`. */
  section: string;
}

/** One field of the reply record, in the order of the schema. */
export interface ContractField {
  name: string;
  /** Chinese title, as officials read it. */
  title: string;
  /** JSON Schema of the plain value. */
  schema: Readonly<Record<string, unknown>>;
  classification: Classification;
  /** Release modes that a scheme may grant for it. */
  modes: readonly ReleaseMode[];
  /** Name of the claim that `match` compares this field with. */
  claim?: string;
}

/** One query's contract, read from `contracts/queries/<folder>/`. */
export interface Contract {
  id: QueryId;
  code: string;
  version: number;
  title: string;
  owner: AgencyClass;
  subject: SubjectKind;
  legalBasis: readonly LegalBasis[];
  /** Most records that one subject's answer may hold. */
  maxRows: number;
  fields: readonly ContractField[];
  /** Reply field that holds the region (GB/T 2260) of a row; absent = rows are not bound to a region. */
  regionField?: string;
  /** Claim names a requester may send, with their JSON Schema. */
  claims: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** JSON Schema of the whole request body (QueryRequest) for this query, `additionalProperties: false` throughout. */
  requestSchema: Readonly<Record<string, unknown>>;
  /** JSON Schema of one plain reply record, `additionalProperties: false`. */
  recordSchema: Readonly<Record<string, unknown>>;
}

export interface Purpose {
  code: string;
  campaign?: string;
  case?: string;
}

/** How a person is named: the normal form of (`idType`, `idNumber`) is what is committed to. */
export interface PersonSubject {
  idType: 'citizen-id' | 'permanent-residence' | 'hk-macau-permit' | 'taiwan-permit' | 'passport';
  idNumber: string;
  claims?: Record<string, string>;
}

export interface UnitSubject {
  uscc: string;
  claims?: Record<string, string>;
}

export type Subject = PersonSubject | UnitSubject;

/** Body of `POST /v1/queries/{code}`: all of it is under the requester's RFC 9421 signature. */
export interface QueryRequest {
  /** UUID made by the requester; with its agency it is the idempotency key. */
  requestId: string;
  operatorId: string;
  purpose: Purpose;
  /** GB/T 2260, six digits. */
  region: string;
  subjects: Subject[];
  /** Reply fields wanted; absent = all that the scheme grants. */
  fields?: string[];
  /** Per-query parameters (month range, category, …). */
  params?: Record<string, unknown>;
  /** Milliseconds the requester is ready to wait; 10 min at the most. */
  deadlineMs?: number;
}

export const ANSWERS = ['found', 'none', 'ambiguous', 'refused', 'unavailable', 'partial'] as const;
/** `none` is a true none; a failure is never an empty list. */
export type Answer = (typeof ANSWERS)[number];

/** One subject's outcome inside an exchange. */
export interface SubjectResult {
  /** Position in `subjects` of the request. */
  subject: number;
  answer: Answer;
  /** Name of a problem when refused or unavailable. */
  reason?: string;
  records: Record<string, unknown>[];
  /** Rows not released because their region is outside the grant. */
  heldBack?: number;
}

export interface Agency {
  id: string;
  class: AgencyClass;
  name: string;
  uscc: string;
  region: string;
  /** Codes of the queries it answers. */
  provides: readonly string[];
  contact: { office: string; phone: string };
}

/** A special campaign (专项治理): data with stages, never code. */
export interface Campaign {
  id: string;
  title: string;
  region: string;
  from: string;
  to: string;
  stages: readonly { name: string; from: string; to: string }[];
  basis: readonly LegalBasis[];
}

export interface PurposeDefinition {
  code: string;
  title: string;
  /** What a request under this purpose must name. */
  requires: 'campaign' | 'case';
}

/** A region of GB/T 2260 as listed in `contracts/regions.yaml`. */
export interface Region {
  code: string;
  name: string;
}

/** One synthetic request with its unreleased reply, from `examples/<name>.json` of a contract. */
export interface ContractExample {
  /** File name without `.json`. */
  name: string;
  title: string;
  request: QueryRequest;
  /** Records are plain, as the provider's source gives them before release. */
  reply: SubjectResult[];
}

/** How one granted field leaves, as written in a scheme file. */
export type FieldRuleSource =
  | { release: 'plain' }
  | { release: 'mask'; mask: string; [parameter: string]: unknown }
  | { release: 'match'; claim: string }
  | { release: 'band'; bands: number[] }
  | { release: 'pseudonym' };

/** One grant as written in `contracts/sharing/<provider or class>/<requester>.yaml`. */
export interface GrantSource {
  query: QueryId;
  purposes: { code: string; campaigns?: string[] }[];
  legalBasis: LegalBasis[];
  fields: Record<string, FieldRuleSource>;
  regions: string[];
  rows: { max: number; months?: number };
  validity: { from: string; to: string };
  /** `nonePerDay`: how many subjects a day may turn out to have no record; absent: as many as are asked about. */
  quota: { perDay: number; perSubjectPerDay: number; burst: number; nonePerDay?: number };
  suspended?: { since: string; reason: string };
}

/** One sharing scheme file, shape and references checked; `#sharing` compiles it. */
export interface SchemeSource {
  /** `<provider>.<requester>`, as the file's path has it, so it cannot change its name in silence. */
  scheme: string;
  version: number;
  provider: string;
  requester: string;
  grants: GrantSource[];
}
