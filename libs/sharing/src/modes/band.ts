import { type Mode, type RuleOf, isNothing, mayBe } from './mode.js';

/** A number only as the band it lies in: thresholds 1, 6, 12 give `0`, `1-5`, `6-11`, `12+`. */
export const band: Mode<RuleOf<'band'>> = {
  rule: {
    type: 'object',
    additionalProperties: false,
    required: ['release', 'bands'],
    properties: {
      release: { const: 'band' },
      bands: { type: 'array', minItems: 1, maxItems: 20, items: { type: 'integer', minimum: 1 } },
    },
  },
  faults(rule, field) {
    const faults = ascending(rule.bands) ? [] : ['分段界限须递增且不重复'];
    return mayBe(field, 'integer', 'number') ? faults : [...faults, '只有数值字段可以分段'];
  },
  apply(value, rule) {
    if (isNothing(value)) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw new Error('not a number from 0 upwards');
    const label = labels(rule.bands)[rule.bands.filter((threshold) => threshold <= value).length];
    if (label === undefined) throw new Error('no band holds this number');
    return label;
  },
  released: (rule) => ({ enum: labels(rule.bands) }),
  words: (rule) => `分段（${labels(rule.bands).join('、')}）`,
};

function ascending(bands: readonly number[]): boolean {
  return bands.every((threshold, index) => index === 0 || threshold > (bands[index - 1] ?? 0));
}

function labels(bands: readonly number[]): string[] {
  const starts = [0, ...bands];
  return starts.map((start, index) => label(start, starts[index + 1]));
}

function label(start: number, next: number | undefined): string {
  if (next === undefined) return `${start}+`;
  return next - 1 === start ? String(start) : `${start}-${next - 1}`;
}
