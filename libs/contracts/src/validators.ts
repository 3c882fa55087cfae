import { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { Problem } from '#problem';
import { requestAjv } from './ajv.js';
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

function describe({ keyword, params }: ErrorObject): string {
  if (keyword !== 'additionalProperties') return keyword;
  // The unknown name comes from the sender: repeated only when it looks like a name, so that it can hold no identity.
  const name = String(params['additionalProperty']);
  return /^[A-Za-z][A-Za-z]{0,29}$/.test(name) ? `unknown member ${name}` : 'unknown member';
}
