// Once, before any process: every node makes its own keys, the province checks their registrations and signs registry 1.
// In life each agency does its part on its own machine and compares fingerprints by telephone (README, "Keys").
// Usage: node deploy/compose/set-up/keys.mjs DIR   makes DIR/<agency> and DIR/registry
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agencies, originsOf, PROVINCE } from './agencies.mjs';
import { cli } from './cli.mjs';

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: keys.mjs DIR');
const registry = join(dir, 'registry');

if (existsSync(join(registry, 'registry-000001.note'))) {
  console.log('keys and registry are there already');
} else {
  mkdirSync(registry, { recursive: true, mode: 0o700 });
  await makeAll();
}

async function makeAll() {
  const files = [];
  const fingerprints = [];
  for (const agency of agencies()) {
    const { first, documents } = await keysOf(agency);
    fingerprints.push(first);
    for (const [index, document] of documents.entries()) {
      const file = join(registry, `${agency.id}.${String(index).padStart(2, '0')}.registration`);
      writeFileSync(file, document);
      files.push(file);
    }
  }
  const province = ['--store', join(dir, PROVINCE), '--agency', PROVINCE];
  const { verifierKey } = await make(province, 'registry');
  writeFileSync(join(registry, 'registry.key'), verifierKey);
  const registered = await cli(
    ...['keys', 'register', ...province, '--registry-source', registry],
    ...['--registration', ...files, '--fingerprint', ...fingerprints],
  );
  process.stdout.write(registered);
}

/** One agency's keys: the first answers for the others. */
async function keysOf(agency) {
  const { id, provides } = agency;
  const store = ['--store', join(dir, id), '--agency', id];
  const first = await make(store, 'http-signature');
  const others = [await make(store, 'hpke')];
  if (provides) others.push(await make(store, 'scheme'));
  for (const origin of originsOf(agency)) others.push(await make(store, 'log', '--origin', origin));
  const documents = [];
  for (const key of [first, ...others])
    documents.push(await cli('keys', 'registration', ...store, '--id', key.id));
  return { first: first.fingerprint, documents };
}

async function make(store, use, ...more) {
  return JSON.parse(await cli('keys', 'make', ...store, '--use', use, ...more, '--json'));
}
