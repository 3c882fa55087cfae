import { type RecordedEntry } from '#evidence';

/** An answer whose disclosure is durable: it may leave. */
export interface Disclosed {
  entry: RecordedEntry;
  body: Buffer;
  bodyNonce: Buffer;
  /** Number of the bundle by which it was decided. */
  bundle: number;
}
