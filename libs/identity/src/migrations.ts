import { type Migration } from '#database';

/** Signatures seen by any gateway instance of this node, until they cannot be used again. */
export const identityMigrations: readonly Migration[] = [
  {
    name: 'identity: signatures seen',
    up: `
create table signature_seen (
  hash bytea primary key,
  until timestamptz not null
);
create index signature_seen_until on signature_seen (until);`,
  },
];
