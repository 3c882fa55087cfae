// deploy/compose/compose.yaml by dclint (the Compose Specification's schema and its own rules; not those of order and style), and its
// names against each other: what `docker compose config` says, without Docker.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const FILE = 'deploy/compose/compose.yaml';
const DCLINT = ['node_modules/dclint/bin/dclint.cjs', '--quiet', '--no-color', FILE];

const lint = spawnSync(process.execPath, DCLINT, { encoding: 'utf8' });
const compose = parse(readFileSync(FILE, 'utf8'), { merge: true });
const faults = danglingNames();
for (const fault of faults) console.log(`${FILE}: ${fault}`);
if (lint.status !== 0) console.log(lint.stdout + lint.stderr);
process.exit(faults.length === 0 && lint.status === 0 ? 0 : 1);

function danglingNames() {
  return Object.entries(compose.services).flatMap(([name, service]) => [
    ...missing(name, 'depends_on', Object.keys(service.depends_on ?? {}), compose.services),
    ...missing(name, 'networks', service.networks ?? [], compose.networks),
    ...missing(name, 'secrets', (service.secrets ?? []).map(sourceOf), compose.secrets),
    ...missing(name, 'volumes', (service.volumes ?? []).map(namedVolume).filter(Boolean), compose.volumes),
  ]);
}

function missing(service, what, names, defined) {
  return names
    .filter((name) => !Object.hasOwn(defined, name))
    .map((name) => `/services/${service}/${what}: there is no ${name}`);
}

function sourceOf(entry) {
  return typeof entry === 'string' ? entry : entry.source;
}

/** `nodes:/var/lib/exchange` → `nodes`; a path of the host → undefined. */
function namedVolume(entry) {
  const source = typeof entry === 'string' ? entry.split(':')[0] : entry.source;
  return /^[./~]/.test(source) ? undefined : source;
}
