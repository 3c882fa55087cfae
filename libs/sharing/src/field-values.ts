import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Contract, type ContractField } from '#contracts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const known = new WeakMap<ContractField, ValidateFunction>();

/** Whether a value is what the contract says the field holds. */
export function fits(field: ContractField, value: unknown): boolean {
  return validatorOf(field)(value) === true;
}

/** Whether the contract wants the field in every record. */
export function isRequired(contract: Contract, field: string): boolean {
  const required = contract.recordSchema['required'];
  return Array.isArray(required) && required.includes(field);
}

function validatorOf(field: ContractField): ValidateFunction {
  const compiled = known.get(field) ?? ajv.compile(field.schema);
  known.set(field, compiled);
  return compiled;
}
