/** Whose key signs, as the agency's own system would: Ed25519, PKCS#8 PEM. Without it nothing is signed. */
export interface SignWith {
  keyId: string;
  privateKey: string;
}

/** A question, asked again and again about one subject after the other. */
export interface Asking {
  /** Addresses, in turn. */
  urls: readonly string[];
  /** `/v1/queries/HR-AR-01` */
  path: string;
  /** All of the body but `requestId` and `subjects`. */
  body: Readonly<Record<string, unknown>>;
  /** Of these the subjects are taken, round and round. */
  subjects: readonly object[];
  subjectsPerCall: number;
  sign?: SignWith;
  /** What the body of a good answer holds once for each subject; another status than 200, or fewer, is a failure. */
  expect: string;
}

/** Asks as fast as answers come, so many at a time, for a while; with `calls`, until so many were answered. */
export interface ClosedJob {
  asking: Asking;
  inFlight: number;
  seconds: number;
  calls?: number;
}

/** Asks at a fixed rate, whatever becomes of the answers. */
export interface OpenJob {
  asking: Asking;
  /** Per second. */
  rate: number;
  seconds: number;
}

export interface LoadResult {
  /** Good answers within the time. */
  answered: number;
  /** Seconds from the first question to the end of the time. */
  seconds: number;
  /** By status (or what else went wrong), everything that was no good answer. */
  failures: Record<string, number>;
  /** Share of the requests that were signed before the time began. */
  signedBefore: number;
  /** CPU seconds of the generator within the time. */
  cpu: number;
}

export interface OpenResult extends LoadResult {
  /** From the time at which a question was due to its last byte, milliseconds. */
  latency: { p50: number; p99: number; max: number };
}

/** How far a closed job has come, for who watches memory meanwhile. */
export interface Progress {
  answered: number;
}
