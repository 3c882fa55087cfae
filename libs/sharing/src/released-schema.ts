import { type Contract, type ContractField } from '#contracts';
import { type Granted } from './decide.js';
import { fits, isRequired } from './field-values.js';
import { type FieldRule } from './model.js';
import { type JsonSchema, modeOf } from './modes/index.js';

/**
 * JSON Schema (2020-12) of one record as `release` lets it out under this decision: only its fields, each in its mode.
 * The gateway checks every answer with it, so that a provider's bug does not reach the requester.
 */
export function releasedSchema(contract: Contract, { fields }: Pick<Granted, 'fields'>): JsonSchema {
  const released = contract.fields.flatMap((field) => {
    const rule = fields.get(field.name);
    return rule === undefined ? [] : [{ field, rule }];
  });
  return {
    type: 'object',
    additionalProperties: false,
    required: released
      .filter(({ field, rule }) => isAlwaysThere(contract, field, rule))
      .map(({ field }) => field.name),
    properties: Object.fromEntries(
      released.map(({ field, rule }) => [field.name, modeOf(rule).released(rule, field)]),
    ),
  };
}

/** `match` always has an answer; the other modes leave out what the source does not hold. */
export function isAlwaysThere(contract: Contract, field: ContractField, rule: FieldRule): boolean {
  if (rule.release === 'match') return true;
  if (!isRequired(contract, field.name)) return false;
  return rule.release === 'plain' || !fits(field, null);
}
