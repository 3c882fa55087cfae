import { isAnswered, summarizeCall, type CallAnswer, type ExchangeAnswer } from '#exchange';
import { Problem, isProblemName, type ProblemName } from '#problem';
import { type Answered, type Exchanged } from './answered.js';
import { type Call, type Plan, type Refusal } from './call.js';
import { type Disclosed } from './verify-reply.js';

/** What one provider released, with its receipt. */
export function answerOf(plan: Plan, { body, bodyNonce, receipt }: Disclosed): ExchangeAnswer {
  const { source: _source, ...rest } = body;
  return { exchange: plan.exchange, provider: plan.provider.id, ...rest, bodyNonce, receipt };
}

export function refusalOf(refusal: Refusal): ExchangeAnswer {
  const { exchange, provider, bundle, problem, field, retryAfter } = refusal;
  return {
    ...empty(exchange, provider.id, bundle ?? 0),
    answer: 'refused',
    reason: problem,
    ...(field !== undefined && { field }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

export function failureOf({ exchange, provider, bundle }: Plan, problem: ProblemName): ExchangeAnswer {
  return { ...empty(exchange, provider.id, bundle), answer: 'unavailable', reason: problem };
}

/**
 * One document for the call. It is a 200 as soon as one provider answered; when none did, it is the problem of the first,
 * with every exchange listed in it, so that a failure can never be read as an empty answer.
 */
export function respond(call: Call, exchanged: readonly Exchanged[]): Answered {
  const exchanges = exchanged.map(({ answer }) => answer);
  const trails = exchanged.map(({ trail }) => trail);
  const answered = exchanges.filter(isAnswered);
  if (answered.length === 0) return { ...problemOf(call, exchanges), trails };
  const { answer, missing } = summarizeCall(exchanges);
  const body: CallAnswer = {
    call: call.id,
    requestId: call.request.requestId,
    query: call.contract.id,
    ...{ answer, exchanges },
    ...(missing && { missing }),
    ...(call.notices.length > 0 && { notices: call.notices }),
  };
  return { status: 200, body, trails };
}

function problemOf(call: Call, exchanges: ExchangeAnswer[]): Omit<Answered, 'trails'> {
  const first = exchanges.find((exchange) => isProblemName(reasonOf(exchange) ?? ''));
  const name = ((first && reasonOf(first)) ?? 'internal') as ProblemName;
  const problem = new Problem(name, {
    ...(first?.field !== undefined && { field: first.field }),
    ...(first && isHeldBack(first) && { detail: HELD_BACK }),
    extensions: {
      call: call.id,
      requestId: call.request.requestId,
      query: call.contract.id,
      ...(first?.retryAfter !== undefined && { retryAfter: first.retryAfter }),
      exchanges,
    },
  });
  return { status: problem.status, body: problem.toDocument() };
}

/** Tells rows outside the grant's regions from a question outside them, of which a refusal's code says the same. */
const HELD_BACK = '所问区划已获授权；查到的记录在授权区划之外，不予提供';

/** The provider answered, subject by subject, and kept back what it found. The number of rows stands in the exchange. */
function isHeldBack({ reason, results }: ExchangeAnswer): boolean {
  return reason === undefined && results.some((result) => (result.heldBack ?? 0) > 0);
}

/** Why a provider gave nothing: in one word for all, or, when its rows were held back, in those of its subjects. */
function reasonOf({ reason, results }: ExchangeAnswer): string | undefined {
  return reason ?? results.find((result) => result.reason !== undefined)?.reason;
}

function empty(exchange: string, provider: string, bundle: number): Omit<ExchangeAnswer, 'answer'> {
  return { exchange, provider, bundle, results: [], withheld: [], fields: {}, heldBack: 0 };
}
