import { type FieldRuleSource, type ReleaseMode } from '../model.js';
import { sameJson } from './same-schema.js';

/**
 * How much a mode tells (ADR 0003): `plain` everything; `mask` a part of the value, `band` its range: neither holds the other;
 * `pseudonym` only that two values are equal; `match` only whether one value is the one that the requester already had.
 */
const TELLS: Readonly<Record<ReleaseMode, number>> = { plain: 3, mask: 2, band: 2, pseudonym: 1, match: 0 };

/** Parameters of masks for which less means that less shows. */
const SHOWN = new Set(['first', 'last']);

/** Whether the new rule may tell more than the old one; in doubt it does. */
export function tellsMore(before: FieldRuleSource, after: FieldRuleSource): boolean {
  if (before.release !== after.release) return TELLS[after.release] >= TELLS[before.release];
  if (before.release === 'mask' && after.release === 'mask') return maskShowsMore(before, after);
  if (before.release === 'band' && after.release === 'band') return !isSubset(after.bands, before.bands);
  return !sameJson(before, after);
}

function maskShowsMore(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => {
    const [was, is] = [before[name], after[name]];
    if (SHOWN.has(name) && typeof was === 'number' && typeof is === 'number') return is > was;
    return !sameJson(was ?? null, is ?? null);
  });
}

/** Fewer thresholds make wider bands; a new threshold cuts one in two. */
function isSubset(some: readonly number[], all: readonly number[]): boolean {
  return some.every((threshold) => all.includes(threshold));
}
