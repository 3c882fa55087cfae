import { citizenIdCandidates } from '../citizen-id-candidates.js';
import { integer } from '../parameters.js';
import { defineRule } from '../rule.js';
import { characters, keepEnds } from '../text.js';

/** Of an account at least this much is hidden, or all of it. */
const HIDDEN_AT_LEAST = 4;

/** A bank or fund account: the last 4, spaces and hyphens left out. 9999000000000000123 → ***************0123. */
export const account = defineRule({
  name: 'account',
  parameters: { last: integer(0, 4, 4) },
  mask(value, { last }) {
    const text = characters(value).filter((character) => !/[\s-]/.test(character));
    return keepEnds(text, 0, last, HIDDEN_AT_LEAST);
  },
  candidates: ({ last }) => citizenIdCandidates(0, last).least,
});
