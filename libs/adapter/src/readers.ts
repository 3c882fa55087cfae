import { citizenIdCheckDigit, parseMonth } from '#identifiers';
import { Problem } from '#problem';

/**
 * Turns a code of the source into the contract's word. A code that the table does not know is the source's or the
 * adapter's fault, never a guess: `askView` refuses the one subject whose row it is in.
 * @throws Problem `provider-contract`
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
 * @throws Problem `provider-contract` when the source holds something that is no month
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

/**
 * The number of a document as the contracts write it, from the source's own: 15 digits become the 18 of GB 11643-1999
 * (domain §3.1). No other kind of document has a number of 15 digits and nothing else.
 */
export function documentNumber(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = value as string;
  if (!/^\d{15}$/.test(text)) return text;
  const body = `${text.slice(0, 6)}19${text.slice(6)}`;
  return body + citizenIdCheckDigit(body);
}

function unmapped(what: string): Problem {
  return new Problem('provider-contract', { detail: `the source holds a ${what} that is not mapped` });
}
