import { type Migration } from '#database';
import { identityMigrations } from '#identity';

/** Who searched for whom, by commitment only. Run by whoever opens the node's database for this process. */
export const auditMigrations: readonly Migration[] = [
  ...identityMigrations,
  {
    name: 'audit-0001-access',
    up: `
create table audit_access (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  agency text not null,
  key_id text not null,
  commitment bytea not null,
  found integer not null
);
create index audit_access_commitment on audit_access (commitment, at);`,
  },
];
