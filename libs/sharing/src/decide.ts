import { covers } from '#identifiers';
import { type ProblemName } from '#problem';
import { type Ask, type FieldRule, type Withheld } from './model.js';
import { type CompiledGrant, type GrantTable } from './table.js';

export interface Granted {
  granted: true;
  grant: CompiledGrant;
  /** Who asks, as an agency, and for what: pseudonyms are keyed by it. */
  requester: string;
  /** What may leave, in the contract's order. */
  fields: ReadonlyMap<string, FieldRule>;
  withheld: readonly Withheld[];
}

export interface Refused {
  granted: false;
  problem: ProblemName;
  /** JSON Pointer into the request. */
  field?: string;
}

export type Decision = Granted | Refused;

/**
 * May this be asked, and what may leave? A pure function of the table and the ask, quotas apart.
 * Steps in order, the first failure wins (trust.md §B2): granted, suspended, validity, purpose, region, months, fields, claims.
 *
 * The grant that counts is the one that names the purpose, an agency's own before its class's. Where none names it, the
 * refusal still is `grant-suspended` or `grant-not-in-force` when that holds for all grants of the query.
 */
export function decide(table: GrantTable, ask: Ask): Decision {
  const grant = grantFor(table, ask);
  if ('granted' in grant) return grant;
  for (const check of CHECKS) {
    const refused = check(grant, ask);
    if (refused !== undefined) return refused;
  }
  return choose(grant, ask);
}

type Check = (grant: CompiledGrant, ask: Ask) => Refused | undefined;

const CHECKS: readonly Check[] = [
  notSuspended,
  inForce,
  purposeFits,
  regionCovered,
  monthsWithin,
  fieldsGranted,
];

const NOT_GRANTED = refuse('not-granted');
const SUSPENDED = refuse('grant-suspended');
const NOT_IN_FORCE = refuse('grant-not-in-force');
const OTHER_PURPOSE = refuse('purpose-not-granted', '/purpose/code');
const OTHER_CAMPAIGN = refuse('purpose-not-granted', '/purpose/campaign');
const NO_CASE = refuse('purpose-not-granted', '/purpose');
const OTHER_REGION = refuse('region-out-of-scope', '/region');
const TOO_MANY_MONTHS = refuse('limit-exceeded', '/params');
const NO_FIELD = refuse('field-not-granted', '/fields');
const NO_CLAIM = refuse('claim-missing', '/subjects');

function refuse(problem: ProblemName, field?: string): Refused {
  return { granted: false, problem, ...(field !== undefined && { field }) };
}

function grantFor({ byAgency, byClass }: GrantTable, ask: Ask): CompiledGrant | Refused {
  const own = byAgency.get(ask.requester)?.get(ask.query);
  const shared = byClass.get(ask.requesterClass)?.get(ask.query);
  if (own === undefined && shared === undefined) return NOT_GRANTED;
  return own?.get(ask.purpose.code) ?? shared?.get(ask.purpose.code) ?? refusalOfAll([own, shared], ask.at);
}

function refusalOfAll(
  nodes: readonly (ReadonlyMap<string, CompiledGrant> | undefined)[],
  at: number,
): Refused {
  const active = nodes.flatMap((node) => [...(node?.values() ?? [])]).filter((grant) => !grant.suspended);
  if (active.length === 0) return SUSPENDED;
  return active.some((grant) => isInForce(grant, at)) ? OTHER_PURPOSE : NOT_IN_FORCE;
}

/** A suspension holds from when it is in the bundle; its `since` is for readers, so that no clock can put it off. */
function notSuspended(grant: CompiledGrant): Refused | undefined {
  return grant.suspended ? SUSPENDED : undefined;
}

function inForce(grant: CompiledGrant, { at }: Ask): Refused | undefined {
  return isInForce(grant, at) ? undefined : NOT_IN_FORCE;
}

function isInForce({ from, to }: CompiledGrant, at: number): boolean {
  return at >= from && at < to;
}

function purposeFits({ campaigns }: CompiledGrant, { purpose }: Ask): Refused | undefined {
  if (campaigns !== undefined) return campaigns.has(purpose.campaign ?? '') ? undefined : OTHER_CAMPAIGN;
  return purpose.campaign || purpose.case ? undefined : NO_CASE;
}

function regionCovered({ regions }: CompiledGrant, { region }: Ask): Refused | undefined {
  return regions.some((scope) => covers(scope, region)) ? undefined : OTHER_REGION;
}

function monthsWithin({ rows }: CompiledGrant, { months }: Ask): Refused | undefined {
  if (months === undefined || rows.months === undefined) return undefined;
  return months >= 1 && months <= rows.months ? undefined : TOO_MANY_MONTHS;
}

/** Exact names only: no wildcard, no other case, nothing twice. */
function fieldsGranted({ fields }: CompiledGrant, { fields: asked }: Ask): Refused | undefined {
  if (asked === undefined) return undefined;
  if (asked.length === 0) return NO_FIELD;
  const bad = asked.findIndex((name, index) => !fields.has(name) || asked.indexOf(name) !== index);
  return bad === -1 ? undefined : refuse('field-not-granted', `/fields/${bad}`);
}

/** The granted fields less those not asked for and those whose claim is missing. With none left there is no question. */
function choose(grant: CompiledGrant, ask: Ask): Decision {
  const { requester } = ask;
  if (wantsAll(grant, ask)) {
    return { granted: true, grant, requester, fields: grant.fields, withheld: grant.withheld };
  }
  const fields = new Map<string, FieldRule>();
  const withheld = [...grant.withheld];
  for (const [field, rule] of grant.fields) {
    const reason = reasonAgainst(field, rule, ask);
    if (reason === undefined) fields.set(field, rule);
    else withheld.push({ field, reason });
  }
  return fields.size === 0 ? NO_CLAIM : { granted: true, grant, requester, fields, withheld };
}

/** The common case, in which the grant's own tables are the answer. */
function wantsAll({ claims: needed }: CompiledGrant, { fields, claims }: Ask): boolean {
  return fields === undefined && needed.every((claim) => claims.includes(claim));
}

function reasonAgainst(
  field: string,
  rule: FieldRule,
  { fields, claims }: Ask,
): Withheld['reason'] | undefined {
  if (fields !== undefined && !fields.includes(field)) return 'not-asked';
  return rule.release === 'match' && !claims.includes(rule.claim) ? 'no-claim' : undefined;
}
