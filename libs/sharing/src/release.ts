import { type Contract, type ContractField } from '#contracts';
import { covers } from '#identifiers';
import { Problem } from '#problem';
import { type Granted } from './decide.js';
import { fits, isRequired } from './field-values.js';
import { type FieldRule } from './model.js';
import { modeOf, type ReleaseContext } from './modes/index.js';
import { pseudonymsFor } from './pseudonym-key.js';

export interface ReleaseOptions {
  contract: Contract;
  /** The provider's pseudonym key, 32 bytes; needed once a grant has a `pseudonym` field. */
  pseudonymKey?: Uint8Array;
}

export interface Released {
  records: Record<string, unknown>[];
  /** Rows not released because their region lies outside the grant, or is not told. */
  heldBack: number;
  /** Rows released. */
  rows: number;
}

/**
 * What leaves of one subject's rows, in the contract's names and types; what else they hold is not looked at.
 * @param claims this subject's
 */
export type Release = (rows: readonly unknown[], claims?: Readonly<Record<string, string>>) => Released;

/**
 * Prepares the release under a decision, for as many subjects as it is about: rows of granted regions, their granted fields,
 * each in its mode. All or nothing: a row that cannot be released as granted refuses the whole subject, and nothing of a
 * value is in the error.
 * @throws (the function that it gives) Problem `provider-contract` (a row is not what the contract says, or more rows than it allows),
 *   `limit-exceeded` (more rows than the grant allows: cutting them would be a silent loss), `claim-missing`.
 */
export function releaseUnder(decision: Granted, { contract, pseudonymKey }: ReleaseOptions): Release {
  const { grant, requester, fields } = decision;
  const granted = contract.fields.flatMap((field) => grantedField(contract, field, fields.get(field.name)));
  const pseudonym = pseudonymsFor(pseudonymKey, requester, grant.purpose);
  return (rows, claims = {}) => {
    if (rows.length > contract.maxRows)
      throw new Problem('provider-contract', { detail: 'more rows than the contract allows' });
    const own = rows.map(recordOf).filter((row) => isInRegions(row, contract.regionField, grant.regions));
    if (own.length > grant.rows.max)
      throw new Problem('limit-exceeded', { extensions: { limit: grant.rows.max } });
    const records = own.map((row) => releasedRecord(row, granted, { claims, pseudonym }));
    return { records, heldBack: rows.length - own.length, rows: records.length };
  };
}

type Row = Readonly<Record<string, unknown>>;

interface GrantedField {
  field: ContractField;
  rule: FieldRule;
  required: boolean;
}

function recordOf(row: unknown, index: number): Row {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
  throw new Problem('provider-contract', { field: `/records/${index}`, detail: 'not a record' });
}

/** A row that should say its region and does not cannot be shown to lie inside. */
function isInRegions(row: Row, regionField: string | undefined, regions: readonly string[]): boolean {
  if (regionField === undefined) return true;
  const region = ownValue(row, regionField);
  return typeof region === 'string' && regions.some((scope) => covers(scope, region));
}

function grantedField(contract: Contract, field: ContractField, rule: FieldRule | undefined): GrantedField[] {
  return rule === undefined ? [] : [{ field, rule, required: isRequired(contract, field.name) }];
}

function releasedRecord(
  row: Row,
  granted: readonly GrantedField[],
  context: ReleaseContext,
): Record<string, unknown> {
  const released: Record<string, unknown> = {};
  for (const one of granted) {
    const value = releasedValue(row, one, context);
    if (value !== undefined) released[one.field.name] = value; // a contract's name: no `__proto__`
  }
  return released;
}

function releasedValue(row: Row, { field, rule, required }: GrantedField, context: ReleaseContext): unknown {
  const value = ownValue(row, field.name);
  const there = value !== undefined;
  if (there ? !fits(field, value) : required) throw unfit(field, 'not what the contract says');
  requireClaim(rule, context);
  try {
    return modeOf(rule).apply(value, rule, context);
  } catch (error) {
    if (error instanceof Problem) throw error;
    // The error is not kept as cause: what masks and modes throw is not ours to vouch for, and it may hold the value.
    throw unfit(field, `${rule.release} cannot be applied`);
  }
}

function requireClaim(rule: FieldRule, { claims }: ReleaseContext): void {
  if (rule.release === 'match' && !Object.hasOwn(claims, rule.claim)) {
    throw new Problem('claim-missing', { field: `/claims/${rule.claim}` });
  }
}

function unfit(field: ContractField, detail: string): Problem {
  return new Problem('provider-contract', { field: `/fields/${field.name}`, detail });
}

/** Never what an object inherits: `__proto__`, `constructor` and their like are no data. */
function ownValue(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}
