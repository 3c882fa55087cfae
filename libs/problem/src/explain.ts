import { Problem } from './problem.js';

/** What a program that ends with an error tells whoever started it: a problem's code and words, of a fault its stack. */
export function explain(error: unknown): string {
  if (error instanceof Problem)
    return `${error.code} ${error.toDocument().title}: ${error.detail ?? error.problem}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
