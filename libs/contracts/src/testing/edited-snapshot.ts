import { compareReleases } from '../gate/gate.js';
import { type Finding } from '../gate/finding.js';
import { type Snapshot, snapshotOf } from '../gate/snapshot.js';
import { loadContracts } from '../load-contracts.js';
import { type Contract, type GrantSource, type SchemeSource } from '../model.js';

export type Edit<T> = (draft: T) => void;

/** What stands in the checkout, as the release before. */
export const released: Snapshot = snapshotOf(loadContracts());

export function edited(edit: Edit<Snapshot>): Snapshot {
  // By text: composed schemas share parts, and an edit of one must not be an edit of all.
  const draft = JSON.parse(JSON.stringify(released)) as Snapshot;
  edit(draft);
  return draft;
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test edits something that is not there');
  return value;
}

/** Edits of PF-01, of the scheme of all fund centres for housing-990100, and of its first grant, that of PF-01. */
export const onContract = (edit: Edit<Contract>): Snapshot =>
  edited(({ contracts }) => edit(found(contracts.find(({ id }) => id === 'PF-01@1'))));
export const onScheme = (edit: Edit<SchemeSource>): Snapshot =>
  edited(({ schemes }) => edit(found(schemes.find(({ scheme }) => scheme === 'fund.housing-990100'))));
export const onGrant = (edit: Edit<GrantSource>): Snapshot =>
  onScheme(({ grants }) => edit(found(grants[0])));

export const undeclared = (after: Snapshot): Finding[] =>
  compareReleases(released, after).filter(({ declared }) => !declared);
export const wordsOf = (findings: readonly Finding[]): string[] => findings.map(({ words }) => words);

/** A part of a schema, as something a test may change. */
export function at(schema: unknown, ...path: string[]): Record<string, unknown> {
  return path.reduce<Record<string, unknown>>(
    (here, key) => found(here[key]) as Record<string, unknown>,
    schema as Record<string, unknown>,
  );
}
