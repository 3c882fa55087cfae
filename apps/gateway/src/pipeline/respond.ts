import { type Answer } from '#contracts';
import { summarize, type CallAnswer, type ExchangeAnswer } from '#exchange';
import { Problem, isProblemName, type ProblemName } from '#problem';
import { type Answered, type Exchanged } from './answered.js';
import { type Call, type Plan, type Refusal } from './call.js';
import { type Disclosed } from './verify-reply.js';

const ANSWERED: ReadonlySet<Answer> = new Set<Answer>(['found', 'none', 'ambiguous']);

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
  const missing = exchanges.filter((exchange) => !isAnswered(exchange)).map(({ provider }) => provider);
  const body: CallAnswer = {
    call: call.id,
    requestId: call.request.requestId,
    query: call.contract.id,
    answer: missing.length > 0 ? 'partial' : summarize(exchanges.map(({ answer }) => answer)),
    exchanges,
    ...(missing.length > 0 && { missing }),
    ...(call.notices.length > 0 && { notices: call.notices }),
  };
  return { status: 200, body, trails };
}

/** Something was said about at least one person, be it that there is nothing. */
function isAnswered({ answer, results }: ExchangeAnswer): boolean {
  return ANSWERED.has(answer) || results.some((result) => ANSWERED.has(result.answer));
}

function problemOf(call: Call, exchanges: ExchangeAnswer[]): Omit<Answered, 'trails'> {
  const first = exchanges.find((exchange) => isProblemName(reasonOf(exchange) ?? ''));
  const name = ((first && reasonOf(first)) ?? 'internal') as ProblemName;
  const problem = new Problem(name, {
    ...(first?.field !== undefined && { field: first.field }),
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

/** Why a provider gave nothing: in one word for all, or, when its rows were held back, in those of its subjects. */
function reasonOf({ reason, results }: ExchangeAnswer): string | undefined {
  return reason ?? results.find((result) => result.reason !== undefined)?.reason;
}

function empty(exchange: string, provider: string, bundle: number): Omit<ExchangeAnswer, 'answer'> {
  return { exchange, provider, bundle, results: [], withheld: [], fields: {}, heldBack: 0 };
}
