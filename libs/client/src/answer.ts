import {
  type Answer,
  type RecordOf,
  type RequestOf,
  type QueryRequest,
  type SubjectResult,
} from '#contracts';
import { type Receipt } from '#evidence';
import { type QuotaLeft, type WithheldField } from '#exchange';

/** `HR-SI-01@1` → `HR-SI-01`: both name the query, the bare code its newest version. */
type CodeOf<Id extends string> = Id extends `${infer Code}@${number}` ? Code : never;

/** What may leave of a plain record: any granted part of it, a field that is masked, compared or banded as text. */
export type Released<R> = { [F in keyof R]?: R[F] | string };

/** Released records by query id and by bare code, generated from the contracts. */
export type QueryRecords = { [Id in keyof RecordOf as Id | CodeOf<Id>]: Released<RecordOf[Id]> };

/** Request bodies by query id and by bare code. */
export type QueryRequests = { [Id in keyof RequestOf as Id | CodeOf<Id>]: RequestOf[Id] };

/** Records of a known query are typed by its contract; those of a query made later are open records. */
export type RecordFor<Q extends string> = Q extends keyof QueryRecords
  ? QueryRecords[Q]
  : Record<string, unknown>;

type RequestFor<Q extends string> = Q extends keyof QueryRequests ? QueryRequests[Q] : QueryRequest;

/** A question. The client makes the `requestId` when there is none: it is the idempotency key of the call. */
export type Asking<Q extends string> = Omit<RequestFor<Q>, 'requestId'> & { requestId?: string };

/** One provider's part of the answer. */
export interface ExchangeAnswer<R = Record<string, unknown>> {
  exchange: string;
  provider: string;
  answer: Answer;
  /** State of the source's data, UTC. */
  dataTime?: string;
  /** Number of the provider's bundle that decided. */
  bundle: number;
  results: (Omit<SubjectResult, 'records'> & { records: R[] })[];
  withheld: WithheldField[];
  /** Granted field to release mode, as the provider applied it. */
  fields: Record<string, string>;
  /** Rows not released because their region is outside the grant. */
  heldBack: number;
  quota?: QuotaLeft;
  /** Name of a problem, when this provider refused or could not answer. */
  reason?: string;
  /** JSON pointer of the input that a refusal is about. */
  field?: string;
  /** The provider's own proof that it recorded this answer; absent when none came. */
  receipt?: Receipt;
  /** Unpadded base64url; with the values it gives the `bodyHash` in the receipt's private line. */
  bodyNonce?: string;
}

/** Body of a 200 to `POST /v1/queries/{code}`. */
export interface CallAnswer<R = Record<string, unknown>> {
  call: string;
  requestId: string;
  /** Query id with version, as it was asked. */
  query: string;
  answer: Answer;
  exchanges: ExchangeAnswer<R>[];
  /** Providers that did not answer, when others did. */
  missing?: string[];
  /** What of the input was put right on the way. */
  notices?: { field: string; notice: string }[];
  replayed?: true;
}

/** Where one exchange stands, by the log of the asker's own node. */
export interface ExchangeState {
  exchange: string;
  query?: string;
  provider: string;
  at: string;
  deadline?: string;
  state: 'asked' | 'closed';
  outcomes?: Record<string, number>;
  reason?: string;
  receipts: { intent?: Receipt; outcome?: Receipt };
}

/** One grant of this agency and what is left of its day. */
export interface QuotaState {
  provider: string;
  query: string;
  purpose: string;
  /** `used` is null while the provider has not said so today. */
  perDay: { limit: number; used: number | null };
  perSubjectPerDay: number;
  burst: number;
  at?: string;
}

/** What became of a published bundle; `changed` is false when it already was in force. */
export interface PublishedBundle {
  provider: string;
  bundle: number;
  changed: boolean;
}
