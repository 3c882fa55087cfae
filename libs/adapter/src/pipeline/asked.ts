import { type Agency, type Contract } from '#contracts';
import { type PrivateLine, type RecordedEntry } from '#evidence';
import { type Question } from '#exchange';

/** A question whose sender, seal, log entry and commitments have all been verified. */
export interface Asked {
  exchange: string;
  requester: Agency;
  contract: Contract;
  question: Question;
  /** Keyed commitments to the subjects, in their order: what they are counted and indexed under. */
  commitments: readonly Buffer[];
  /** The requester's intent, as it proves itself. */
  intent: RecordedEntry;
  intentPrivate: PrivateLine;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** From its intent to its deadline, milliseconds: what its asker gave it in all, by one clock. */
  givenMs: number;
  traceparent?: string;
}
