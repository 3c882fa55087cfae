import { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { Problem, unknownMember } from '#problem';
import { isReversed, MAX_MONTHS, requestAjv } from './ajv.js';
import { type Contract } from './model.js';
import { type JsonSchema } from './schema.js';

/** Undefined when the value passes; otherwise a Problem that names the field by JSON Pointer and never holds the value. */
export type Validator = (value: unknown) => Problem | undefined;

const requests = new WeakMap<Contract, Validator>();
const records = new WeakMap<Contract, Validator>();

/** Compiled check of a whole request body. `purpose-missing` when it has no purpose at all, else `schema-invalid`. */
export function requestValidator(contract: Contract): Validator {
  return remembered(requests, contract, contract.requestSchema);
}

/** Compiled check of one plain reply record: `schema-invalid`. */
export function recordValidator(contract: Contract): Validator {
  return remembered(records, contract, contract.recordSchema);
}

/** Compiles any schema of ours, e.g. the one of released records, into a check of the same shape. */
export function compileValidator(schema: JsonSchema): Validator {
  const validate: ValidateFunction = requestAjv.compile(schema);
  // Ajv would keep every schema for ever; whoever compiles one keeps its check as long as it is needed.
  requestAjv.removeSchema(schema);
  return (value) => (validate(value) ? undefined : toProblem(validate.errors ?? []));
}

function remembered(cache: WeakMap<Contract, Validator>, contract: Contract, schema: JsonSchema): Validator {
  const validator = cache.get(contract) ?? compileValidator(schema);
  cache.set(contract, validator);
  return validator;
}

function toProblem(errors: readonly ErrorObject[]): Problem {
  // With oneOf and anyOf the errors of the branches come first and the one that decided comes last.
  const error = errors.at(-1);
  if (error === undefined) return new Problem('internal', { detail: 'a schema refused without saying why' });
  const missing = error.keyword === 'required' ? String(error.params['missingProperty']) : '';
  const field = missing === '' ? error.instancePath : `${error.instancePath}/${missing}`;
  return new Problem(field === '/purpose' && missing !== '' ? 'purpose-missing' : 'schema-invalid', {
    field: field || '/',
    detail: describe(error),
  });
}

/** In our words where the keyword says too little; what it says of the value is never the value. */
function describe({ keyword, params, parentSchema, schema, data }: ErrorObject): string {
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema as JsonSchema)['properties'] ?? {});
    return unknownMember(String(params['additionalProperty']), known);
  }
  if (keyword === MAX_MONTHS)
    return isReversed(data) ? 'to is before from' : `more than ${String(schema)} months`;
  return keyword;
}
