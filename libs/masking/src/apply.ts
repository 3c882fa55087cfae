import { MaskError } from './mask-error.js';
import { type MaskRule } from './rule.js';
import { RULES } from './rules/index.js';

/** A mask as a scheme writes it: `{mask: 'keep', first: 1, last: 1}`; the scheme's own `release: mask` may stay in it. */
export interface MaskSpec {
  mask: string;
  release?: 'mask';
  [parameter: string]: unknown;
}

const BY_NAME: ReadonlyMap<string, MaskRule> = new Map(RULES.map((rule) => [rule.name, rule]));

/** Names of all masks, in the order of `rules/index.ts`. */
export const maskNames: readonly string[] = RULES.map(({ name }) => name);

/** The rule of that name. @throws MaskError `unknown-mask` */
export function maskRule(name: string): MaskRule {
  const rule = BY_NAME.get(name);
  if (!rule) throw new MaskError('unknown-mask', name);
  return rule;
}

/**
 * A function that masks as specified, checked once.
 * @throws MaskError `unknown-mask` or `bad-parameters` at once; the function throws `not-text` for what is no string
 */
export function compileMask(spec: MaskSpec): (value: unknown) => string {
  const { mask, release: _release, ...params } = spec;
  const masked = maskRule(mask).with(params);
  return (value) => {
    if (typeof value !== 'string') throw new MaskError('not-text', mask);
    return masked(value);
  };
}

/** Masks one value. @throws MaskError: callers fail closed */
export function applyMask(value: unknown, spec: MaskSpec): string {
  return compileMask(spec)(value);
}

/**
 * How many 18-digit citizen IDs share what a mask shows of one, at the least: for the scheme linter.
 * Undefined when the rule is not meant for IDs, so that nothing can be promised.
 * @throws MaskError `unknown-mask` or `bad-parameters`
 */
export function visibleCandidates(
  name: string,
  params: Readonly<Record<string, unknown>>,
  _idKind: 'citizen-id',
): number | undefined {
  return maskRule(name).candidates?.(params);
}
