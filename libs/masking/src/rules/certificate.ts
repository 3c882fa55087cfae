import { integer } from '../parameters.js';
import { defineRule } from '../rule.js';
import { characters, HIDDEN, keepEnds } from '../text.js';

/** Of a certificate number at least this much is hidden, or all of it. */
const HIDDEN_AT_LEAST = 4;

/**
 * A certificate number: what stands before its first digit (at most `prefix` code points) and its end.
 * 建[造]11249900000001 → 建[造]**********0001. Nothing of a number without digits.
 */
export const certificate = defineRule({
  name: 'certificate',
  parameters: { prefix: integer(0, 6, 4), last: integer(0, 4, 4) },
  mask(value, { prefix, last }) {
    const text = characters(value);
    const firstDigit = text.findIndex((character) => /\d/.test(character));
    if (firstDigit < 0) return HIDDEN;
    return keepEnds(text, Math.min(firstDigit, prefix), last, HIDDEN_AT_LEAST);
  },
});
