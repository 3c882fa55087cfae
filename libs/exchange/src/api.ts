import { type Answer, type SubjectResult } from '#contracts';
import { type Receipt } from '#evidence';
import { type AnswerBody } from './answer.js';

/** One provider's part of the answer to a call: what it said inside the seal, and where its log vouches for it. */
export interface ExchangeAnswer<R = Record<string, unknown>> extends Omit<AnswerBody, 'source' | 'results'> {
  exchange: string;
  provider: string;
  results: (Omit<SubjectResult, 'records'> & { records: R[] })[];
  /** The provider's own proof that it recorded this answer; absent when none came. */
  receipt?: Receipt;
  /** Unpadded base64url; with the values it gives the `bodyHash` in the receipt's private line. */
  bodyNonce?: string;
}

/** Something about the input that was put right on the way: the answer says so. */
export interface Notice {
  /** JSON pointer. */
  field: string;
  notice: string;
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
  notices?: Notice[];
  replayed?: true;
}

/** Where one exchange stands, for its own agency and by the log of its own node (`GET /v1/exchanges/{id}`). */
export interface ExchangeState {
  exchange: string;
  query?: string;
  provider: string;
  at: string;
  deadline?: string;
  /** `asked`: intent recorded, nothing came back yet; `closed`: there is an outcome. */
  state: 'asked' | 'closed';
  outcomes?: Record<string, number>;
  reason?: string;
  /** This node's own entries, each with its proof. */
  receipts: { intent?: Receipt; outcome?: Receipt };
}

/** One grant of this agency and what is left of its day (`GET /v1/quotas`). */
export interface QuotaState {
  provider: string;
  query: string;
  purpose: string;
  /** Number of the provider's bundle that grants it, as this gateway knows. */
  bundle: number;
  /** `used` is null while the provider has not said so today. */
  perDay: { limit: number; used: number | null };
  perSubjectPerDay: number;
  burst: number;
  /** When the provider last said so; absent = not asked today. */
  at?: string;
}

/** What became of a published bundle (`POST /v1/admin/bundles`); `changed` is false when it already was in force. */
export interface PublishedBundle {
  provider: string;
  bundle: number;
  changed: boolean;
}

/** The agency's own bundle as its node has it (`GET /v1/admin/bundle`). */
export interface BundleInForce {
  provider: string;
  /** Number of the bundle in force, and the signed note itself; null: nothing is granted now. */
  bundle: number | null;
  note: string | null;
  /** Highest number that the node knows to have been published; 0: none. The next bundle's is higher. */
  newest: number;
}
