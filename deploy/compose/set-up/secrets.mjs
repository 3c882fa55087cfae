// Makes deploy/compose/secrets: passwords, database addresses, the metrics token. Once; what is there is left alone.
// Usage: node deploy/compose/set-up/secrets.mjs
// Node built-ins only: it runs before anything is built.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const secrets = join(root, 'secrets');
const agencies = readdirSync(join(root, '../../contracts/agencies')).map((file) =>
  file.replace(/\.yaml$/, ''),
);

if (existsSync(secrets)) {
  console.log('deploy/compose/secrets is there already');
} else {
  // Others cannot enter the folder; the files themselves have to be readable for the users inside the containers.
  mkdirSync(secrets, { mode: 0o700 });
  for (const name of ['postgres-password', 'grafana-password', 'metrics-token']) write(name, password());
  write('create-databases.sql', agencies.flatMap(databasesOf).join('\n') + '\n');
  console.log(`made deploy/compose/secrets for ${agencies.length} agencies`);
}

/** A database of the node and one of the agency's own system, each with a role of its own. */
function databasesOf(agency) {
  const name = agency.replaceAll('-', '_');
  return [
    ['node', `${agency}.database-url`],
    ['source', `${agency}.source-url`],
  ].flatMap(([kind, file]) => {
    const role = `${kind}_${name}`;
    const secret = password();
    write(file, `postgres://${role}:${secret}@postgres:5432/${role}`);
    return [
      `create role ${role} login password '${secret}';`,
      `create database ${role} owner ${role};`,
      `revoke connect on database ${role} from public;`,
    ];
  });
}

function write(name, text) {
  writeFileSync(join(secrets, name), text, { mode: 0o644, flag: 'wx' });
}

function password() {
  return randomBytes(24).toString('base64url');
}
