import { type Contract, type ContractField, type QueryId } from '#contracts';
import { isRegionCode } from '#identifiers';
import { type FieldRule, type Grant, type Scheme } from './model.js';
import { modeOf } from './modes/index.js';
import { type Flaw, pointerToken } from './validate-scheme.js';
import { spanOf } from './validity.js';

/** A flaw of a named scheme. `scheme` is its id, or `#n` for the n-th of a list when it has none. */
export interface Fault extends Flaw {
  scheme: string;
}

/** What is wrong with schemes that are right in shape: against the contracts, and against each other. */
export function schemeFaults(schemes: readonly Scheme[], contracts: ReadonlyMap<QueryId, Contract>): Fault[] {
  const single = schemes.flatMap((scheme) => grantFaults(scheme, contracts));
  return [...single, ...duplicates(schemes), ...overlaps(schemes)];
}

function grantFaults({ scheme, grants }: Scheme, contracts: ReadonlyMap<QueryId, Contract>): Fault[] {
  return grants.flatMap((grant, index) =>
    [...flawsOf(grant, contracts.get(grant.query))].map(({ path, fault }) => ({
      scheme,
      path: `/grants/${index}${path}`,
      fault,
    })),
  );
}

function* flawsOf(grant: Grant, contract: Contract | undefined): Generator<Flaw> {
  yield* validityFlaws(grant);
  yield* regionFlaws(grant);
  if (contract === undefined) {
    yield { path: '/query', fault: '没有这个查询接口或契约版本' };
    return;
  }
  const fields = new Map(contract.fields.map((field) => [field.name, field]));
  for (const [name, rule] of Object.entries(grant.fields)) {
    const path = `/fields/${pointerToken(name)}`;
    for (const fault of fieldFaults(rule, fields.get(name), contract)) yield { path, fault };
  }
}

function* validityFlaws({ validity }: Grant): Generator<Flaw> {
  const span = spanOf(validity);
  if (span === undefined) yield { path: '/validity', fault: '不是真实日期' };
  else if (span.from >= span.to) yield { path: '/validity', fault: '起止日期颠倒' };
}

function* regionFlaws({ regions }: Grant): Generator<Flaw> {
  for (const [index, region] of regions.entries()) {
    if (!isRegionCode(region)) yield { path: `/regions/${index}`, fault: '不是行政区划代码' };
  }
}

function fieldFaults(rule: FieldRule, field: ContractField | undefined, contract: Contract): string[] {
  if (field === undefined) return ['契约没有这个字段'];
  if (!field.modes.includes(rule.release)) return ['契约不允许此字段以这种方式放出'];
  return modeOf(rule).faults(rule, field, contract);
}

function duplicates(schemes: readonly Scheme[]): Fault[] {
  return repeated(schemes.map(({ scheme }) => ({ key: scheme, scheme, path: '/scheme' }))).map((place) => ({
    ...place,
    fault: '方案编号重复',
  }));
}

/** One grant per requester, query and purpose: which one counts is never a question of order. */
function overlaps(schemes: readonly Scheme[]): Fault[] {
  const places = schemes.flatMap(({ scheme, requester, grants }) =>
    grants.flatMap(({ query, purposes }, index) =>
      purposes.map(({ code }, purpose) => ({
        key: [requester, query, code].join(' '),
        scheme,
        path: `/grants/${index}/purposes/${purpose}`,
      })),
    ),
  );
  return repeated(places).map((place) => ({ ...place, fault: '与另一授权重叠（同一请求方、查询、目的）' }));
}

/** Every place whose key an earlier place has. */
function repeated(
  places: readonly { key: string; scheme: string; path: string }[],
): { scheme: string; path: string }[] {
  const seen = new Set<string>();
  return places.flatMap(({ key, scheme, path }) => {
    if (seen.has(key)) return [{ scheme, path }];
    seen.add(key);
    return [];
  });
}
