import { type QueryRequest, type RecordOf, type RequestOf } from '#contracts';

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
