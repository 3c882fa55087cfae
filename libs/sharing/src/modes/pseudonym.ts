import { type Mode, type RuleOf, isNothing, mayBe } from './mode.js';

/** A stable stand-in: equal values stay equal for one requester and purpose, and cannot be joined with another's. */
export const pseudonym: Mode<RuleOf<'pseudonym'>> = {
  rule: {
    type: 'object',
    additionalProperties: false,
    required: ['release'],
    properties: { release: { const: 'pseudonym' } },
  },
  faults: (_rule, field) =>
    mayBe(field, 'string', 'integer', 'number') ? [] : ['只有文本或数值字段可以用化名'],
  apply(value, _rule, context) {
    if (isNothing(value)) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new Error('only texts and numbers have a pseudonym');
    return context.pseudonym(String(value).normalize('NFKC').trim().toUpperCase());
  },
  released: () => ({ type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' }),
  words: () => '化名（按请求方与目的分别计算）',
};
