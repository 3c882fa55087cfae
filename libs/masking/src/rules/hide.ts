import { citizenIdCandidates } from '../citizen-id-candidates.js';
import { integer } from '../parameters.js';
import { defineRule } from '../rule.js';

/** Stars only, always as many, so that not even the length leaks. */
export const hide = defineRule({
  name: 'hide',
  parameters: { length: integer(1, 32, 3) },
  mask: (_value, { length }) => '*'.repeat(length),
  candidates: () => citizenIdCandidates(0, 0).least,
});
