import { type Answer } from '#contracts';
import { type CallAnswer, type ExchangeAnswer } from './api.js';
import { summarize } from './answer.js';

const ANSWERED: ReadonlySet<Answer> = new Set<Answer>(['found', 'none', 'ambiguous']);

/** Something was said about at least one person, be it that there is nothing. */
export function isAnswered({ answer, results }: Pick<ExchangeAnswer<object>, 'answer' | 'results'>): boolean {
  return ANSWERED.has(answer) || results.some((result) => ANSWERED.has(result.answer));
}

/** What a call as a whole says, given its exchanges: one word, and who is missing. */
export function summarizeCall(
  exchanges: readonly Pick<ExchangeAnswer<object>, 'provider' | 'answer' | 'results'>[],
): Pick<CallAnswer, 'answer' | 'missing'> {
  const missing = exchanges.filter((exchange) => !isAnswered(exchange)).map(({ provider }) => provider);
  if (missing.length > 0) return { answer: 'partial', missing };
  return { answer: summarize(exchanges.map(({ answer }) => answer)) };
}
