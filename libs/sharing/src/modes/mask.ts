import { compileMask, maskNames, maskRule } from '#masking';
import { type Mode, type RuleOf, isNothing, mayBe } from './mode.js';

/** The value with parts hidden, by a rule of libs/masking. Display protection, not anonymity. */
export const mask: Mode<RuleOf<'mask'>> = {
  rule: {
    type: 'object',
    required: ['release', 'mask'],
    properties: { release: { const: 'mask' }, mask: { type: 'string', minLength: 1, maxLength: 64 } },
    // The masking rule itself checks its parameters (`faults`), unknown ones included.
    additionalProperties: true,
  },
  faults(rule, field) {
    const faults = mayBe(field, 'string') ? [] : ['只有文本字段可以掩码'];
    if (!maskNames.includes(rule.mask)) return [...faults, '没有这种掩码'];
    const wrong = maskRule(rule.mask).check(parametersOf(rule));
    return [...faults, ...wrong.map((name) => `掩码参数未知或取值不对：${name}`)];
  },
  apply(value, rule) {
    if (isNothing(value)) return undefined;
    if (typeof value !== 'string') throw new Error('only texts can be masked');
    return maskOf(rule)(value);
  },
  released: () => ({ type: 'string' }),
  words: (rule) => `掩码（${[rule.mask, ...parameterWords(rule)].join('，')}）`,
};

/**
 * Whether a text can be what this mask leaves: it shows that something is hidden, or masking it again changes nothing.
 * For who receives it and never had the value; what was let out as it was is seen here.
 */
export function isMasked(rule: RuleOf<'mask'>, text: string): boolean {
  return text.includes('*') || mask.apply(text, rule, NO_CONTEXT) === text;
}

/** A mask depends on nothing but the value. */
const NO_CONTEXT = {
  claims: {},
  pseudonym: (): never => {
    throw new Error('a mask makes no pseudonyms');
  },
};

const compiled = new WeakMap<RuleOf<'mask'>, (value: string) => string>();

/** Made once for a rule: bundles are read, not changed. */
function maskOf(rule: RuleOf<'mask'>): (value: string) => string {
  const known = compiled.get(rule) ?? compileMask({ mask: rule.mask, ...parametersOf(rule) });
  compiled.set(rule, known);
  return known;
}

/** What the scheme says beyond the name of the mask. */
export function parametersOf(rule: RuleOf<'mask'>): Record<string, unknown> {
  const { release: _release, mask: _mask, ...parameters } = rule;
  return parameters;
}

function parameterWords(rule: RuleOf<'mask'>): string[] {
  return Object.entries(parametersOf(rule)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
}
