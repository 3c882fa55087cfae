import { ExchangeGatewayClient, GatewayError, type CallAnswer, type ExchangeAnswer } from '#client';
import { type Purpose } from '#contracts';
import { verifyReceipt, type Receipt } from '#evidence';
import { type WithheldField } from '#exchange';
import { type ProblemDocument } from '#problem';
import { noteVerifier } from '#tlog';
import { type Province } from './province/start-province.js';
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
export async function ask(province: Province, question: DemoQuestion): Promise<Asked> {
  try {
    const answer = await clientOf(province, question.requester).ask(question.query, question.request);
    return { exchanges: exchangesOf(province, question, answer, 200), refusals: [] };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { exchanges: [], refusals: [refusalOf(question, error.document)] };
  }
}

export function clientOf(province: Province, agency: string): ExchangeGatewayClient {
  const key = province.keys.stores.get(agency)!.current('http-signature', Date.now())!;
  const gateways = [province.gateways.get(agency)!.url];
  return new ExchangeGatewayClient({ gateways, keyId: key.id, privateKey: key.privateKey });
}

function exchangesOf(
  province: Province,
  question: DemoQuestion,
  call: CallAnswer,
  status: number,
): ShownExchange[] {
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
      status,
      answer: said,
      withheld,
      receipt,
      verified: receipt !== null && isVerified(province, exchange.exchange, exchange.provider, receipt),
    };
  });
}

/** As an auditor would: nothing is believed but the registered key of the provider's log. */
function isVerified(province: Province, exchange: string, provider: string, receipt: Receipt): boolean {
  const origin = `${provider}/adapter/0`;
  const keys = province.gateways.get(provider)!.node.registry.current.logKeys(origin);
  const verifiers = keys.map(({ publicKey }) => noteVerifier(origin, publicKey));
  const { valid, entry } = verifyReceipt(receipt, verifiers);
  return valid && entry?.exchange === exchange && entry.from === provider;
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
