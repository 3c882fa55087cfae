import { MaskError } from './mask-error.js';
import { type Parameter } from './parameters.js';

type Given = Readonly<Record<string, unknown>>;

/** One masking rule. Total on every string: what it cannot read it hides whole. */
export interface MaskRule {
  readonly name: string;
  /** Parameter name → what it takes, in words. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the unknown and the wrong parameters; empty when all is well. */
  check(params: Given): string[];
  /** What masks a text with these parameters. @throws MaskError `bad-parameters` */
  with(params: Given): (value: string) => string;
  /** How many 18-digit citizen IDs share what the mask shows, at the least; absent when the rule is not for IDs. */
  candidates?(params: Given): number;
}

interface RuleDefinition<Params> {
  name: string;
  parameters: { readonly [Name in keyof Params]: Parameter<Params[Name]> };
  mask(value: string, params: Params): string;
  candidates?: (params: Params) => number;
}

/** Makes a rule out of its typed parts: parameters are checked and completed before `mask` sees them. */
export function defineRule<Params extends object>(definition: RuleDefinition<Params>): MaskRule {
  const { name, parameters, candidates } = definition;
  const known = Object.entries<Parameter<unknown>>(parameters);
  const check = (params: Given) => wrongNames(known, params);
  const complete = (params: Given): Params => {
    const wrong = check(params);
    if (wrong.length > 0) throw new MaskError('bad-parameters', name, wrong);
    return Object.fromEntries(known.map(([key, { byDefault }]) => [key, params[key] ?? byDefault])) as Params;
  };
  return {
    name,
    parameters: Object.fromEntries(known.map(([key, { description }]) => [key, description])),
    check,
    with: (params) => {
      const completed = complete(params);
      return (value) => definition.mask(value, completed);
    },
    ...(candidates && { candidates: (params: Given) => candidates(complete(params)) }),
  };
}

function wrongNames(known: [string, Parameter<unknown>][], params: Given): string[] {
  const parameters = new Map(known);
  return Object.entries(params)
    .filter(([key, value]) => value !== undefined && !parameters.get(key)?.accepts(value))
    .map(([key]) => key);
}
