import { endMoment, moment } from '#identifiers';
import { type Grant } from './model.js';

/** Half-open span in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/**
 * A grant's validity. A bare date is a day in China: `from` its first instant, `to` its last, as officials read it;
 * a full timestamp is that instant, `to` excluded. `undefined` where a text names no real date.
 */
export function spanOf(validity: Grant['validity']): Span | undefined {
  const from = moment(validity.from);
  const to = endMoment(validity.to);
  return from === undefined || to === undefined ? undefined : { from, to };
}
