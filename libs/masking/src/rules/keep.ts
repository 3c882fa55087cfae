import { citizenIdCandidates } from '../citizen-id-candidates.js';
import { integer } from '../parameters.js';
import { defineRule } from '../rule.js';
import { characters, keepEnds } from '../text.js';

/**
 * Shows the first and the last code points, by default one of each (design.md, "default masks"):
 * 990101198503120010 → 9****************0. Nothing of a value that is shorter than first + last + 1.
 */
export const keep = defineRule({
  name: 'keep',
  parameters: { first: integer(0, 17, 1), last: integer(0, 17, 1) },
  mask: (value, { first, last }) => keepEnds(characters(value), first, last),
  candidates: ({ first, last }) => citizenIdCandidates(first, last).least,
});
