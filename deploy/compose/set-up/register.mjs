// What a province does each week: takes in the registrations that the nodes made by themselves (the next HPKE keys), signs
// the next registry and puts it in force at every node.
// Usage: node deploy/compose/set-up/register.mjs DIR MONITOR_URL
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agencies, PROVINCE } from './agencies.mjs';
import { cli } from './cli.mjs';

const [dir, monitor] = process.argv.slice(2);
if (monitor === undefined) throw new Error('usage: register.mjs DIR MONITOR_URL');
const registry = join(dir, 'registry');
const documents = agencies().flatMap(({ id }) => documentsOf(join(dir, id, 'registrations')));

if (documents.length === 0) console.log('nothing to register');
else await register();

async function register() {
  const province = ['--store', join(dir, PROVINCE), '--agency', PROVINCE];
  const registered = await cli(
    ...['keys', 'register', ...province, '--registry-source', registry],
    ...['--registration', ...documents, '--json'],
  );
  const { file } = JSON.parse(registered);
  const key = join(dir, PROVINCE, 'keys', newest(join(dir, PROVINCE, 'keys'), 'http-signature.'));
  process.stdout.write(
    await cli('registry', 'publish', '--monitor', monitor, '--key', key, '--registry', file),
  );
}

function documentsOf(folder) {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function newest(folder, prefix) {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1);
}
