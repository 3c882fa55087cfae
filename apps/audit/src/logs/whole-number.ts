import { Problem } from '#problem';

/** A whole number from a query string. @throws Problem `schema-invalid` naming the parameter */
export function wholeNumber(text: unknown, field: string): number {
  const value = typeof text === 'string' && /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value))
    throw new Problem('schema-invalid', { field, detail: 'a whole number is wanted' });
  return value;
}
