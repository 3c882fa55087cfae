import { type Contract, type LegalBasis, type QueryId } from '#contracts';
import { Problem } from '#problem';
import { schemeFaults } from './check-grants.js';
import { type Bundle, type FieldRule, type Grant, type Scheme, type Withheld } from './model.js';
import { type Span, spanOf } from './validity.js';
import { isClass } from './words.js';

/** A grant for one purpose, ready to be decided by. */
export interface CompiledGrant extends Span {
  scheme: string;
  version: number;
  /** As written: an agency or a class. */
  requester: string;
  query: QueryId;
  /** Purpose code. */
  purpose: string;
  /** Absent: any campaign or case. */
  campaigns?: ReadonlySet<string>;
  regions: readonly string[];
  rows: Grant['rows'];
  quota: Grant['quota'];
  /** Documents with section, in words. */
  basis: readonly string[];
  suspended?: Grant['suspended'];
  /** In the contract's order. */
  fields: ReadonlyMap<string, FieldRule>;
  /** Claims that its comparisons need. */
  claims: readonly string[];
  /** The contract's other fields. */
  withheld: readonly Withheld[];
}

type Grants = Map<string, Map<QueryId, Map<string, CompiledGrant>>>;

/** Requester → query → purpose → grant. Agencies and classes apart: no agency can be named like a class to get its grants. */
export interface GrantTable {
  provider: string;
  /** Number of the bundle. */
  number: number;
  contracts: ReadonlyMap<QueryId, Contract>;
  byAgency: ReadonlyMap<string, ReadonlyMap<QueryId, ReadonlyMap<string, CompiledGrant>>>;
  byClass: ReadonlyMap<string, ReadonlyMap<QueryId, ReadonlyMap<string, CompiledGrant>>>;
}

/**
 * The bundle as a table to look decisions up in.
 * @throws Problem `bundle-invalid` when a scheme does not fit the contracts: no bundle is half active.
 */
export function buildTable(bundle: Bundle, contracts: ReadonlyMap<QueryId, Contract>): GrantTable {
  const faults = schemeFaults(bundle.schemes, contracts);
  if (faults.length > 0) throw new Problem('bundle-invalid', { extensions: { faults } });
  const byAgency: Grants = new Map();
  const byClass: Grants = new Map();
  for (const scheme of bundle.schemes) {
    const table = isClass(scheme.requester) ? byClass : byAgency;
    for (const grant of scheme.grants) enter(table, scheme, grant, contracts);
  }
  return { provider: bundle.provider, number: bundle.number, contracts, byAgency, byClass };
}

function enter(table: Grants, scheme: Scheme, grant: Grant, contracts: ReadonlyMap<QueryId, Contract>): void {
  const shared = compiled(scheme, grant, contracts);
  const queries = within(table, scheme.requester);
  const purposes = within(queries, grant.query);
  for (const { code, campaigns } of grant.purposes) {
    purposes.set(code, { ...shared, purpose: code, ...(campaigns && { campaigns: new Set(campaigns) }) });
  }
}

function within<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const inner = map.get(key) ?? new Map<L, V>();
  map.set(key, inner);
  return inner;
}

function compiled(
  scheme: Scheme,
  grant: Grant,
  contracts: ReadonlyMap<QueryId, Contract>,
): Omit<CompiledGrant, 'purpose'> {
  const contract = contracts.get(grant.query);
  const span = spanOf(grant.validity);
  if (contract === undefined || span === undefined) throw new Problem('bundle-invalid');
  const names = contract.fields.map(({ name }) => name);
  const fields = new Map(names.flatMap((name) => ruleOf(grant, name)));
  return {
    ...span,
    scheme: scheme.scheme,
    version: scheme.version,
    requester: scheme.requester,
    query: grant.query,
    regions: grant.regions,
    rows: grant.rows,
    quota: grant.quota,
    basis: grant.legalBasis.map(basisWords),
    ...(grant.suspended && { suspended: grant.suspended }),
    fields,
    claims: [...fields.values()].flatMap((rule) => (rule.release === 'match' ? [rule.claim] : [])),
    withheld: names
      .filter((name) => !Object.hasOwn(grant.fields, name))
      .map((field) => ({ field, reason: 'not-granted' })),
  };
}

function ruleOf(grant: Grant, name: string): [string, FieldRule][] {
  const rule = Object.hasOwn(grant.fields, name) ? grant.fields[name] : undefined;
  return rule === undefined ? [] : [[name, rule]];
}

/** A legal basis in one line. */
export function basisWords({ document, section }: LegalBasis): string {
  return `${document} ${section}`;
}
