import { type Agency, type Contract, type QueryRequest } from '#contracts';
import { type AskedSubject, type Notice } from '#exchange';
import { type ReceivedRequest } from '#identity';
import { type ProblemName } from '#problem';
import { type Granted } from '#sharing';

/** A request as it came off the wire: nothing in it is believed yet. */
export interface IncomingQuery extends ReceivedRequest {
  body: Buffer;
  /** `HR-SI-01` or `HR-SI-01@1` */
  code: string;
  receivedAt: number;
  traceparent: string;
}

/** Who asks, proved by a registered key. */
export interface Asker {
  agency: Agency;
  keyId: string;
  /** SHA-256 of the signature, kept in the intent's private line. */
  sigHash: Buffer;
}

/** One request, checked and in normal form. It may become several exchanges, one per provider. */
export interface Call {
  id: string;
  asker: Asker;
  contract: Contract;
  request: QueryRequest;
  /** SHA-256 of the body as signed: tells a repeated request from another one with the same id. */
  bodyDigest: Buffer;
  subjects: AskedSubject[];
  notices: Notice[];
  receivedAt: number;
  /** Milliseconds since the epoch. */
  deadline: number;
  traceparent: string;
}

/** What one provider will be asked, under the grant that allows it. */
export interface Plan {
  exchange: string;
  provider: Agency;
  bundle: number;
  decision: Granted;
}

/** A provider that cannot be asked, and why; recorded like everything else. */
export interface Refusal {
  exchange: string;
  provider: Agency;
  bundle?: number;
  problem: ProblemName;
  field?: string;
  /** Seconds. */
  retryAfter?: number;
}
