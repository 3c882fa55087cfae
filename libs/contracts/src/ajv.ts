import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { monthsBetween, parseMonth } from '#identifiers';
import { Problem } from '#problem';
import { isObject } from './schema.js';

/** Name of the keyword for ranges of months. */
export const MAX_MONTHS = 'x-maxMonths';

/** For what comes from outside: strict JSON Schema 2020-12, stops at the first error. */
export const requestAjv = newAjv({ allErrors: false });
/** For our own files: tells all that is wrong. */
export const fileAjv = newAjv({ allErrors: true });

/** Making one compiles the meta-schema, which costs more than any schema of ours: so there are just the two. */
function newAjv({ allErrors }: { allErrors: boolean }): Ajv2020 {
  // `verbose` keeps in an error what it was about: only `validators` reads it, and repeats nothing of the value.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, verbose: true, allErrors });
  addFormats.default(ajv);
  ajv.addKeyword({
    keyword: MAX_MONTHS,
    type: 'object',
    schemaType: 'number',
    validate: (limit: number, range: unknown) => isMonthRange(range, limit),
    errors: false,
  });
  return ajv;
}

/**
 * `x-maxMonths: n` on `{from, to}` (YYYY-MM): `to` is not before `from` and both ends together span at most n months.
 * JSON Schema cannot say this, and the catalogue limits contribution queries to 24 months (domain catalogue §6).
 */
function isMonthRange(range: unknown, limit: number): boolean {
  if (!isObject(range) || typeof range['from'] !== 'string' || typeof range['to'] !== 'string') return false;
  try {
    return monthsBetween(parseMonth(range['from']), parseMonth(range['to'])) <= limit;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** Whether a range that was refused ends before it begins. */
export function isReversed(range: unknown): boolean {
  if (!isObject(range)) return false;
  const { from, to } = range;
  return typeof from === 'string' && typeof to === 'string' && to < from; // YYYY-MM sorts as text
}
