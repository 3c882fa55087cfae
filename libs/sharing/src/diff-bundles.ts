import { type Contract, type QueryId } from '#contracts';
import { type Difference, grantChanges, grantedFields } from './grant-changes.js';
import { type Bundle } from './model.js';
import { buildTable, type CompiledGrant } from './table.js';
import { type Names, partyWords, queryWords } from './words.js';

/** One difference between two bundles, and the query and purposes it is about. */
export interface BundleChange extends Difference {
  query: QueryId;
  purposes: readonly string[];
}

/**
 * What a new bundle changes, in words (Chinese), one change a line; empty when nothing that counts differs.
 * @example 新增可见：payerName（缴费单位名称）→ 测试市住房和城乡建设局，明文〔HR-SI-01@1，目的：case-verification〕
 */
export function diffBundles(before: Bundle | undefined, after: Bundle, names: Names): string[] {
  return bundleChanges(before, after, names).map(
    ({ text, query, purposes }) => `${text}〔${query}，目的：${purposes.join('、')}〕`,
  );
}

/** The same with what a gate needs to know: which of the changes let more out. `before` undefined: the first bundle. */
export function bundleChanges(before: Bundle | undefined, after: Bundle, names: Names): BundleChange[] {
  const old = before === undefined ? new Map<string, CompiledGrant>() : grantsOf(before, names.contracts);
  const fresh = grantsOf(after, names.contracts);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return merged(keys.flatMap((key) => changesOf(old.get(key), fresh.get(key), names)));
}

function grantsOf(bundle: Bundle, contracts: ReadonlyMap<QueryId, Contract>): Map<string, CompiledGrant> {
  const { byAgency, byClass } = buildTable(bundle, contracts);
  const grants = [byAgency, byClass].flatMap((requesters) =>
    [...requesters.values()].flatMap((queries) =>
      [...queries.values()].flatMap((purposes) => [...purposes.values()]),
    ),
  );
  return new Map(grants.map((grant) => [[grant.requester, grant.query, grant.purpose].join(' '), grant]));
}

function changesOf(
  before: CompiledGrant | undefined,
  after: CompiledGrant | undefined,
  names: Names,
): BundleChange[] {
  const grant = after ?? before;
  if (grant === undefined) return [];
  const to = partyWords(names, grant.requester);
  return differences(before, after, names, to).map((one) => ({
    ...one,
    query: grant.query,
    purposes: [grant.purpose],
  }));
}

function differences(
  before: CompiledGrant | undefined,
  after: CompiledGrant | undefined,
  names: Names,
  to: string,
): Difference[] {
  if (before !== undefined && after !== undefined) return grantChanges(before, after, names, to);
  if (after !== undefined) {
    return [
      { text: `新增授权：${queryWords(names, after.query)}→ ${to}`, widens: true },
      ...grantedFields(after, names, to),
    ];
  }
  return before === undefined
    ? []
    : [{ text: `取消授权：${queryWords(names, before.query)}→ ${to}`, widens: false }];
}

/** The same change under several purposes is one line. */
function merged(changes: readonly BundleChange[]): BundleChange[] {
  const lines = new Map<string, BundleChange>();
  for (const change of changes) {
    const key = `${change.query} ${change.text}`;
    const purposes = [...(lines.get(key)?.purposes ?? []), ...change.purposes];
    lines.set(key, { ...change, purposes });
  }
  return [...lines.values()];
}
