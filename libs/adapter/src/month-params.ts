import { parseMonth } from '#identifiers';
import { type SourceQuestion } from './query-handler.js';

/** The contracts' `months` range as the numbers that GB/T 40217 and JGJ/T 320 write: `2024-03` is 202403. */
export function monthsParam({ params }: SourceQuestion): { from_month: number; to_month: number } {
  const { from, to } = params['months'] as { from: string; to: string };
  return { from_month: monthNumber(from), to_month: monthNumber(to) };
}

/** The contracts' `month`, likewise. */
export function monthParam({ params }: SourceQuestion): { month: number } {
  return { month: monthNumber(params['month'] as string) };
}

function monthNumber(text: string): number {
  return Number(parseMonth(text).replace('-', ''));
}
