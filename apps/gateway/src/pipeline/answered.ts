import { type CallAnswer, type ExchangeAnswer } from '#exchange';
import { type ProblemDocument } from '#problem';

/** Where an exchange stands in the two logs: what a replayed answer is recorded against. */
export interface Trail {
  exchange: string;
  provider: string;
  bundle?: number;
  /** Leaf hashes, unpadded base64url. */
  intent?: string;
  disclosure?: string;
  outcomes: Record<string, number>;
  reason?: string;
}

/** One exchange as it ended: what the asker is told, and where the logs say so. */
export interface Exchanged {
  answer: ExchangeAnswer;
  trail: Trail;
}

export interface Answered {
  status: number;
  body: CallAnswer | ProblemDocument;
  trails: Trail[];
}

/**
 * Exchanges of a call in which a provider told something of the persons asked about, be it that rows were held back or
 * that one of them could not be released: what was looked up, counted and recorded as disclosed. Every 200 has one; a 4xx
 * or 5xx has one when all that was told of each person is a reason.
 */
export function disclosing({ body }: Answered): ExchangeAnswer[] {
  const { exchanges = [] } = body as { exchanges?: ExchangeAnswer[] };
  return exchanges.filter(({ results }) => results.length > 0);
}
