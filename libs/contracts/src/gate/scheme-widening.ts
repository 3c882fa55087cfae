import { type GrantSource, type SchemeSource } from '../model.js';
import { type Change } from './finding.js';
import { grantWidenings } from './grant-widening.js';
import { type Snapshot } from './snapshot.js';

/** What leaves under the new scheme and did not under the old one. */
export function schemeWidenings(before: SchemeSource, after: SchemeSource): Change[] {
  return after.grants.flatMap((grant, index) =>
    nearestWidenings(before, grant).map(({ pointer, words }) => ({
      pointer: `/grants/${index}${pointer}`,
      words: `${grant.query} ${words}`,
    })),
  );
}

/** A grant is held against the old grant of the same query from which it differs least: none at all if one contains it. */
function nearestWidenings({ grants }: SchemeSource, after: GrantSource): Change[] {
  const candidates = grants
    .filter(({ query }) => query === after.query)
    .map((before) => grantWidenings(before, after));
  if (candidates.length === 0) return [{ pointer: '', words: '新增授权' }];
  return candidates.reduce((least, candidate) => (candidate.length < least.length ? candidate : least));
}

/** Agencies that a scheme written for a class of requesters now lets in. */
export function newRequesters(requester: string, before: Snapshot, after: Snapshot): Change[] {
  const known = new Set(before.agencies.map(({ id }) => id));
  const added = after.agencies.filter((agency) => agency.class === requester && !known.has(agency.id));
  return added.map(({ id }) => ({ pointer: '/requester', words: `此类方案自动适用于新部门 ${id}` }));
}
