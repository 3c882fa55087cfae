/** What stands for a value of which nothing is shown. Always the same, so that no length leaks. */
export const HIDDEN = '***';

const FULL_WIDTH = /[\uff01-\uff5e]/g;
/** Control, format and surrogate code points (and the mark of a broken one) are never shown. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\ufffd]/u;

/** Full-width ASCII becomes plain ASCII, ends are trimmed: a mask depends on the value, not on how it was typed. */
export function fold(value: string): string {
  return value
    .toWellFormed()
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .trim();
}

/** The code points of the folded value: 𠮷 is one. */
export function characters(value: string): string[] {
  return [...fold(value)];
}

/**
 * Shows the first and the last code points and a star for each one between. Hides all of a text in which fewer than
 * `hidden` would be starred.
 */
export function keepEnds(text: readonly string[], first: number, last: number, hidden = 1): string {
  if (text.length < first + last + hidden) return HIDDEN;
  const between = text.length - first - last;
  return shown(text.slice(0, first)) + '*'.repeat(between) + shown(text.slice(first + between));
}

/** The given code points, those that no screen shows replaced by stars. */
export function shown(text: readonly string[]): string {
  return text.map((character) => (UNSHOWABLE.test(character) ? '*' : character)).join('');
}
