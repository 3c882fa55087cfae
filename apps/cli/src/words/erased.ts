import { type ErasureState } from '#evidence';

/** What became of an erasure; `order` names one that goes on by itself. */
export type Erased = Pick<ErasureState, 'done' | 'erased' | 'failure'> & { order?: string };

/** One line of it. @param before as it was ordered, a time of ISO 8601 */
export function erasedWords(origin: string, before: string, erased: Erased): string {
  const told = `${origin}: ${erased.erased} private lines before ${before} erased`;
  if (erased.done) return told;
  return `${told} until now; order ${erased.order} goes on without this command${lastFailure(erased)}`;
}

/** What went wrong last with an order that is not done, as it follows other words. */
export function lastFailure({ failure }: Pick<ErasureState, 'failure'>): string {
  return failure === undefined ? '' : `; what failed last: ${failure}`;
}
