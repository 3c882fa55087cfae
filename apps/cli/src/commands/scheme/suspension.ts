import { type Bundle, type Grant, type Scheme } from '#sharing';

/** Which grants a suspension is about. */
export interface Target {
  requester: string;
  /** Query id or bare code; absent: all. */
  query?: string | undefined;
}

/** The schemes with each grant of the target changed, how many grants it has, and how many of them changed. */
export function changeGrants(
  schemes: readonly Scheme[],
  { requester, query }: Target,
  change: (grant: Grant) => Grant,
): { schemes: Scheme[]; found: number; changed: number } {
  let [found, changed] = [0, 0];
  const touched = (grant: Grant): Grant => {
    if (query !== undefined && grant.query !== query && !grant.query.startsWith(`${query}@`)) return grant;
    found += 1;
    const after = change(grant);
    if (after !== grant) changed += 1;
    return after;
  };
  const result = schemes.map((scheme) =>
    scheme.requester === requester ? { ...scheme, grants: scheme.grants.map(touched) } : scheme,
  );
  return { schemes: result, found, changed };
}

/**
 * Schemes from the contracts with the suspensions of the bundle in force carried over: publishing again never lifts one,
 * only `scheme resume` does.
 */
export function withSuspensionsOf(current: Bundle | undefined, schemes: readonly Scheme[]): Scheme[] {
  const suspended = new Map(
    (current?.schemes ?? []).flatMap(({ scheme, grants }) =>
      grants.flatMap((grant) => keysOf(scheme, grant).map((key) => [key, grant.suspended] as const)),
    ),
  );
  return schemes.map((scheme) => ({
    ...scheme,
    grants: scheme.grants.map((grant) => {
      const before = keysOf(scheme.scheme, grant).map((key) => suspended.get(key));
      const kept = grant.suspended ?? before.find((suspension) => suspension !== undefined);
      return kept === undefined ? grant : { ...grant, suspended: kept };
    }),
  }));
}

/** A grant is the same as long as it is of the same scheme for the same query and purpose. */
function keysOf(scheme: string, { query, purposes }: Grant): string[] {
  return purposes.map(({ code }) => [scheme, query, code].join(' '));
}
