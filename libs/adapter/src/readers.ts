import { parseMonth } from '#identifiers';
import { Problem } from '#problem';

/**
 * Turns a code of the source into the contract's word. A code that the table does not know is the source's or the
 * adapter's fault, never a guess.
 * @throws Problem `source-unavailable`
 */
export function coded<T>(words: Readonly<Record<string, T>>): (value: unknown) => T | undefined {
  return (value) => {
    if (value === null || value === undefined) return undefined;
    const code = `${value as string | number | boolean}`;
    if (!Object.hasOwn(words, code)) throw unmapped('code');
    return words[code];
  };
}

/**
 * `202403` → `2024-03`
 * @throws Problem `source-unavailable` when the source holds something that is no month
 */
export function month(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  try {
    return parseMonth(`${value as string | number}`);
  } catch {
    throw unmapped('month'); // the cause would hold the source's value
  }
}

/** A list of months, as the source orders them. */
export function months(value: unknown): (string | undefined)[] | undefined {
  return value === null || value === undefined ? undefined : (value as unknown[]).map(month);
}

/** PostgreSQL integers beyond 32 bits and numerics arrive as text. */
export function number(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

function unmapped(what: string): Problem {
  return new Problem('source-unavailable', { detail: `the source holds a ${what} that is not mapped` });
}
