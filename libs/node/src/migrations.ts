import { type Migration } from '#database';

const registry = `
create table registry_copy (
  slot boolean primary key default true check (slot),
  number bigint not null,
  note text not null
);`;

/** By which a secret is known again: a value that only who has the secret can compute, and that tells nothing of it. */
const secrets = `create table secret_check (use text primary key, value bytea not null);`;

/** Tables of every process of an agency's node. */
export const nodeMigrations: Migration[] = [
  { name: 'node-0001-registry', up: registry },
  { name: 'node-0002-secrets', up: secrets },
];
