import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { Problem } from '#problem';
import { type Contracts } from '../load-contracts.js';
import { type AgencyClass, type Contract, type SchemeSource } from '../model.js';

/** What agencies rely on and what leaves, as of one release: `contracts/released/<version>.json`. */
export interface Snapshot {
  contracts: Contract[];
  schemes: SchemeSource[];
  /** Who a class stands for. */
  agencies: { id: string; class: AgencyClass }[];
}

/** The snapshot of what is loaded; its order does not depend on the file system. */
export function snapshotOf({ contracts, schemes, agencies }: Contracts): Snapshot {
  const byId = <T extends { id: string }>(list: Iterable<T>) =>
    [...list].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    contracts: byId(contracts.values()),
    schemes: [...schemes].toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1)),
    agencies: byId(agencies.values()).map(({ id, class: kind }) => ({ id, class: kind })),
  };
}

/** Canonical (RFC 8785 order), indented so that a review shows what changed. */
export function printSnapshot(snapshot: Snapshot): string {
  const canonical = canonicalize(snapshot);
  if (canonical === undefined) throw new Problem('internal', { detail: 'a snapshot has no canonical form' });
  return `${JSON.stringify(JSON.parse(canonical), null, 2)}\n`;
}

/** The newest released snapshot; undefined before the first release. */
export function lastReleased(root: string): { version: string; snapshot: Snapshot } | undefined {
  const version = releasedVersions(root).at(-1);
  if (version === undefined) return undefined;
  const text = readFileSync(join(root, 'released', `${version}.json`), 'utf8');
  return { version, snapshot: JSON.parse(text) as Snapshot };
}

/** Writes a new release. @throws Problem `registry-invalid` when the version is not above the last one. */
export function writeRelease(root: string, version: string, snapshot: Snapshot): void {
  const last = releasedVersions(root).at(-1);
  if (!VERSION.test(version) || (last !== undefined && compareVersions(version, last) <= 0)) {
    throw new Problem('registry-invalid', { detail: `version must be n.n.n and above ${last ?? 'nothing'}` });
  }
  mkdirSync(join(root, 'released'), { recursive: true });
  writeFileSync(join(root, 'released', `${version}.json`), printSnapshot(snapshot), { flag: 'wx' });
}

const VERSION = /^\d+\.\d+\.\d+$/;

function releasedVersions(root: string): string[] {
  const folder = join(root, 'released');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => name.slice(0, -'.json'.length)).toSorted(compareVersions);
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
