import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { monthsBetween, parseMonth } from '#identifiers';
import { Problem } from '#problem';
import { isObject } from './schema.js';

/** For what comes from outside: strict JSON Schema 2020-12, stops at the first error. */
export const requestAjv = newAjv({ allErrors: false });
/** For our own files: tells all that is wrong. */
export const fileAjv = newAjv({ allErrors: true });

/** Making one compiles the meta-schema, which costs more than any schema of ours: so there are just the two. */
function newAjv({ allErrors }: { allErrors: boolean }): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors });
  addFormats.default(ajv);
  ajv.addKeyword({
    keyword: 'x-maxMonths',
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
