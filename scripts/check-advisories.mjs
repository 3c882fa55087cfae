// The lock file pins every package by content and holds no registry's address; and no package that the product ships has a
// known advisory of severity high. Where the registry does not serve advisories, that half is not checked, and says so.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const faults = packages.flatMap(([path, { integrity, resolved, link }]) => [
  ...(integrity || link ? [] : [`${path}: not pinned by content`]),
  ...(resolved ? [`${path}: holds the address it came from`] : []),
]);

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = JSON.parse(stdout || '{}');
if (report.vulnerabilities) {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  );
  faults.push(...grave.map(({ name, severity }) => `${name}: ${severity} advisory`));
} else {
  console.error('note: this registry serves no advisories, only the lock file was checked');
}
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
