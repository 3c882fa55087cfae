import { type Contract, type SchemeSource } from '../model.js';
import { contractChanges } from './contract-changes.js';
import { type Finding } from './finding.js';
import { newRequesters, schemeWidenings } from './scheme-widening.js';
import { type Snapshot } from './snapshot.js';

/**
 * What changed since the last release that breaks others or lets more leave. The gate is open when every finding is declared:
 * a breaking change by a new contract version beside the old one, a widening by a higher version of that scheme.
 */
export function compareReleases(before: Snapshot, after: Snapshot): Finding[] {
  return [
    ...before.contracts.flatMap((contract) => contractFindings(contract, after)),
    ...after.schemes.flatMap((scheme) => schemeFindings(scheme, before, after)),
  ];
}

function contractFindings(before: Contract, after: Snapshot): Finding[] {
  const now = after.contracts.find(({ id }) => id === before.id);
  if (!now) return [removal(before, after)];
  return contractChanges(before, now).map(({ pointer, words }) => ({
    kind: 'breaking',
    where: `${folderOf(before)}/${pointer}`,
    words: `${before.id} ${words}`,
    declared: false,
  }));
}

/** A version may go when a newer one is there and nobody is granted the old one any more. */
function removal({ id, code, version }: Contract, after: Snapshot): Finding {
  const replaced = after.contracts.some((contract) => contract.code === code && contract.version > version);
  const granted = after.schemes.some(({ grants }) => grants.some(({ query }) => query === id));
  const where = `contracts/queries (${id})`;
  return { kind: 'breaking', where, words: `${id} 的契约被删除`, declared: replaced && !granted };
}

function schemeFindings(after: SchemeSource, earlier: Snapshot, later: Snapshot): Finding[] {
  const before = earlier.schemes.find(({ scheme }) => scheme === after.scheme);
  const file = `contracts/sharing/${after.provider}/${after.requester}.yaml`;
  if (!before) return [{ kind: 'widening', where: file, words: '新的共享方案', declared: true }];
  if (after.version < before.version) {
    return [{ kind: 'widening', where: `${file} /version`, words: '版本号回退', declared: false }];
  }
  const changes = [...schemeWidenings(before, after), ...newRequesters(after.requester, earlier, later)];
  return changes.map(({ pointer, words }) => ({
    kind: 'widening',
    where: `${file} ${pointer}`,
    words,
    declared: after.version > before.version,
  }));
}

function folderOf({ code, version }: Contract): string {
  return `contracts/queries/${version === 1 ? code : `${code}-v${version}`}`;
}
