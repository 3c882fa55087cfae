import { type FieldRule, type ReleaseMode } from '../model.js';
import { band } from './band.js';
import { mask } from './mask.js';
import { match } from './match.js';
import { type Mode, type RuleOf } from './mode.js';
import { plain } from './plain.js';
import { pseudonym } from './pseudonym.js';

/** Every release mode there is. A new one is one file and one line here (and its rule in the model). */
export const modes: { readonly [M in ReleaseMode]: Mode<RuleOf<M>> } = {
  plain,
  mask,
  match,
  band,
  pseudonym,
};

/** The mode that a rule names. */
export function modeOf(rule: FieldRule): Mode {
  return modes[rule.release];
}

export { type JsonSchema, type ReleaseContext } from './mode.js';
export { parametersOf } from './mask.js';
