import { createHash, timingSafeEqual } from 'node:crypto';
import { type Mode, type RuleOf, isNothing } from './mode.js';

const SAME = '一致';
const DIFFERENT = '不一致';
const NOTHING = '无记录';

/** Only whether the requester's claim is what the source holds. */
export const match: Mode<RuleOf<'match'>> = {
  rule: {
    type: 'object',
    additionalProperties: false,
    required: ['release', 'claim'],
    properties: { release: { const: 'match' }, claim: { type: 'string', minLength: 1, maxLength: 64 } },
  },
  faults(rule, field, contract) {
    if (!Object.hasOwn(contract.claims, rule.claim)) return ['契约没有这个比对值'];
    return field.claim === undefined || field.claim === rule.claim ? [] : ['此字段按契约与另一个比对值比对'];
  },
  apply(value, rule, { claims }) {
    const claim = Object.hasOwn(claims, rule.claim) ? claims[rule.claim] : undefined;
    if (claim === undefined) throw new Error(`claim ${rule.claim} is missing`);
    if (isNothing(value) || value === '') return NOTHING;
    return sameText(textOf(value), claim) ? SAME : DIFFERENT;
  },
  released: () => ({ enum: [SAME, DIFFERENT, NOTHING] }),
  words: () => '仅比对（一致、不一致、无记录）',
};

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('only texts, numbers and yes/no can be compared');
}

/** Full-width and upper-case forms name the same thing. Digests, so that time tells nothing of where they differ. */
function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(normal(one)), digest(normal(other)));
}

function normal(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase().toLowerCase();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
