import { Problem } from '#problem';
import { type Bundle } from './model.js';

/** Highest number of any bundle: fifteen digits, a ninth of what JSON's numbers hold exactly. */
export const MOST_NUMBER = 999_999_999_999_999;
/** A first number is free up to ten digits, which hold one like 2026112101: a day and what came on it. */
const FIRST = 9_999_999_999;
/** How far a number may go beyond the newest: ten years of numbers like 2026112101. More is a slip of the keyboard. */
const STEP = 10_000_000;

/**
 * Highest number that may be signed after the newest one, 0 where there is none. Even who takes it each time signs a hundred
 * million bundles before the numbers end: no number that is taken leaves a suspension without one.
 */
export function highestNext(newest: number): number {
  return newest === 0 ? FIRST : Math.min(newest + STEP, MOST_NUMBER);
}

/**
 * Refuses a bundle that its agency brings to its own node when its number leaps beyond the newest there. One step more is
 * allowed than `highestNext` lets anybody sign: the bundle before this one may have been signed and never have arrived. What
 * the topic delivers is not asked, at the own node neither: who was away meanwhile would refuse what is in force.
 * @throws Problem `bundle-number` naming provider, number and what is allowed
 */
export function refuseLeap({ provider, number }: Pick<Bundle, 'provider' | 'number'>, newest: number): void {
  const most = Math.min(highestNext(newest) + STEP, MOST_NUMBER);
  if (number > most) throw leap({ provider, number }, newest, '/number');
}

/** What is told of a number that is too high after `newest`. `field`: where it stands. */
export function leap(
  { provider, number }: Pick<Bundle, 'provider' | 'number'>,
  newest: number,
  field: string,
): Problem {
  const after = newest === 0 ? 'a first number is' : `after ${newest}`;
  const detail = `bundle ${number} of ${provider}: ${after} at most ${highestNext(newest)}`;
  return new Problem('bundle-number', { field, detail });
}
