import { Problem } from '#problem';

/** A calendar month, `YYYY-MM`, 1900 to 2099. */
export type Month = `${number}-${number}`;

const MONTH = /^(19\d{2}|20\d{2})-?(0[1-9]|1[0-2])$/;

/**
 * Reads `YYYY-MM`, or `YYYYMM` as agencies' tables have it (AAE003, JZNY).
 * @throws Problem `schema-invalid` with detail `month`
 */
export function parseMonth(text: string, field?: string): Month {
  const parts = MONTH.exec(text);
  if (!parts) throw new Problem('schema-invalid', { detail: 'month', field });
  return `${parts[1]}-${parts[2]}` as Month;
}

/**
 * How many months a range holds, both ends included: January to March are 3.
 * @throws Problem `schema-invalid` with detail `months-reversed`: a negative length would pass every limit
 */
export function monthsBetween(from: Month, to: Month, field?: string): number {
  const count = ordinal(to) - ordinal(from) + 1;
  if (count < 1) throw new Problem('schema-invalid', { detail: 'months-reversed', field });
  return count;
}

/**
 * The month `count` months later, or earlier when negative.
 * @throws Problem `schema-invalid` with detail `month` when that leaves 1900 to 2099
 */
export function addMonths(month: Month, count: number): Month {
  const target = ordinal(month) + count;
  const year = String(Math.floor(target / 12)).padStart(4, '0');
  return parseMonth(`${year}-${String((((target % 12) + 12) % 12) + 1).padStart(2, '0')}`);
}

/**
 * Every month of a range in order, both ends included.
 * @throws Problem `schema-invalid` with detail `months-reversed`
 */
export function monthRange(from: Month, to: Month, field?: string): Month[] {
  return Array.from({ length: monthsBetween(from, to, field) }, (_, index) => addMonths(from, index));
}

function ordinal(month: Month): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}
