import {
  GatewayError,
  trustRegistry,
  verifyReceiptBy,
  type CallAnswer,
  type ExchangeAnswer,
  type LogTrust,
} from '#client';
import { type Purpose } from '#contracts';
import { type Receipt } from '#evidence';
import { type WithheldField } from '#exchange';
import { type ProblemDocument } from '#problem';
import { clientOf, registryOf, type ProvinceDoors } from './province/doors.js';
import { type DemoQuestion } from './questions.js';

/** One exchange as the demo shows it. */
export interface ShownExchange {
  title: string;
  exchange: string;
  query: string;
  requester: string;
  provider: string;
  purpose: Purpose;
  request: unknown;
  /** HTTP status of the call that it was part of. */
  status: number;
  answer: Pick<
    ExchangeAnswer,
    'answer' | 'results' | 'fields' | 'heldBack' | 'dataTime' | 'bundle' | 'reason'
  >;
  withheld: WithheldField[];
  receipt: Receipt | null;
  /** The receipt holds against the provider's registered log key, and is of this exchange. */
  verified: boolean;
}

/** A call that was refused as a whole. */
export interface ShownRefusal {
  title: string;
  query: string;
  requester: string;
  purpose: Purpose;
  request: unknown;
  status: number;
  code: number;
  problem: string;
  reason: string;
  field?: string;
}

export interface Asked {
  exchanges: ShownExchange[];
  refusals: ShownRefusal[];
}

/** Asks one question through the HTTP API, as the requester's own system would. */
export async function ask(doors: ProvinceDoors, question: DemoQuestion): Promise<Asked> {
  try {
    const answer = await clientOf(doors, question.requester).ask(question.query, question.request);
    return { exchanges: exchangesOf(trustRegistry(registryOf(doors)), question, answer), refusals: [] };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { exchanges: [], refusals: [refusalOf(question, error.document)] };
  }
}

function exchangesOf(trust: LogTrust, question: DemoQuestion, call: CallAnswer): ShownExchange[] {
  return call.exchanges.map((exchange) => {
    const {
      answer,
      results,
      fields,
      heldBack,
      dataTime,
      bundle,
      reason,
      withheld,
      receipt = null,
    } = exchange;
    const said = {
      answer,
      results,
      fields,
      heldBack,
      bundle,
      ...(dataTime && { dataTime }),
      ...(reason && { reason }),
    };
    return {
      title: question.title,
      exchange: exchange.exchange,
      query: call.query,
      requester: question.requester,
      provider: exchange.provider,
      purpose: question.request.purpose,
      request: question.request,
      status: 200,
      answer: said,
      withheld,
      receipt,
      verified: receipt !== null && isVerified(trust, exchange, receipt),
    };
  });
}

/** As an auditor would: nothing is believed but the registry that the province signed. */
function isVerified(trust: LogTrust, { exchange, provider }: ExchangeAnswer, receipt: Receipt): boolean {
  const { valid, entry } = verifyReceiptBy(receipt, trust);
  return (
    valid && entry?.exchange === exchange && entry.from === provider && trust.owner(entry.origin) === provider
  );
}

function refusalOf(
  { title, query, requester, request }: DemoQuestion,
  document: ProblemDocument,
): ShownRefusal {
  const { status, code, type, title: reason, field } = document;
  return {
    ...{ title, query, requester, purpose: request.purpose, request, status, code },
    problem: type.slice(type.lastIndexOf(':') + 1),
    reason,
    ...(field !== undefined && { field }),
  };
}
