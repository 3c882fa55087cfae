import { type Grant } from './model.js';

/** Half-open span in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

const DAY = 86_400_000;
const BARE_DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A grant's validity. A bare date is a day in China: `from` its first instant, `to` its last, as officials read it;
 * a full timestamp is that instant, `to` excluded. `undefined` where a text names no real date.
 */
export function spanOf(validity: Grant['validity']): Span | undefined {
  const from = instantOf(validity.from);
  const to = instantOf(validity.to);
  if (from === undefined || to === undefined) return undefined;
  return { from, to: BARE_DATE.test(validity.to) ? to + DAY : to };
}

function instantOf(text: string): number | undefined {
  const instant = Date.parse(BARE_DATE.test(text) ? `${text}T00:00:00+08:00` : text);
  return Number.isNaN(instant) || !isRealDay(text.slice(0, 10)) ? undefined : instant;
}

/** `Date.parse` turns 30 February into March. */
function isRealDay(day: string): boolean {
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}
