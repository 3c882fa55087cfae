import { type Mode, type RuleOf } from './mode.js';

/** The value as the contract has it. */
export const plain: Mode<RuleOf<'plain'>> = {
  rule: {
    type: 'object',
    additionalProperties: false,
    required: ['release'],
    properties: { release: { const: 'plain' } },
  },
  faults: () => [],
  apply: (value) => value,
  released: (_rule, field) => field.schema,
  words: () => '明文',
};
