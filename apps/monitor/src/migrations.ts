import { type Migration } from '#database';
import { identityMigrations } from '#identity';
import { nodeMigrations } from '#node';

/** Every log as mirrored: its right edge, its lines, its full tiles, and signed checkpoints that it has not reached yet. */
const mirror = `
create table mirror_log (
  origin text primary key,
  size bigint not null check (size >= 0),
  edge bytea not null,
  root bytea not null,
  note text,
  state text not null check (state in ('following', 'closed', 'contradicted')),
  grown_at timestamptz not null,
  last_at timestamptz
);
create table mirror_line (
  origin text not null,
  index bigint not null,
  leaf bytea not null,
  public bytea not null,
  primary key (origin, index)
) partition by hash (origin);
create table mirror_tile (
  origin text not null,
  level smallint not null,
  n bigint not null,
  hashes bytea not null,
  primary key (origin, level, n)
);
create table mirror_seen (
  origin text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  reporter text not null,
  at timestamptz not null,
  primary key (origin, size, root)
);`;

/** An alarm is open until \`cleared_at\`; a log has one open alarm of a kind. */
const alarms = `
create table alarm (
  id bigint generated always as identity primary key,
  kind text not null,
  origin text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  first_note text,
  second_note text,
  reporter text,
  detail jsonb not null
);
create unique index alarm_open on alarm (origin, kind) where cleared_at is null;
create index alarm_raised on alarm (raised_at);`;

/** What is counted: one row per exchange with what the logs hold of it, and the volumes by minute, hour and day. */
const counting = `
create table exchange_state (
  exchange uuid primary key,
  requester text not null,
  provider text not null,
  query text not null,
  first_at timestamptz not null,
  due timestamptz not null,
  pieces jsonb not null,
  faults text[] not null,
  intent_leaf text,
  disclosure_leaf text,
  replay_of text
) partition by hash (exchange);
create index exchange_state_open on exchange_state (due) where faults <> '{}';
create index exchange_state_intent on exchange_state (intent_leaf) where intent_leaf is not null;
create index exchange_state_disclosure on exchange_state (disclosure_leaf) where disclosure_leaf is not null;
create table exchange_tally (
  requester text not null,
  provider text not null,
  exchanges bigint not null,
  primary key (requester, provider)
);
create table volume (
  unit text not null,
  at timestamptz not null,
  requester text not null,
  provider text not null,
  query text not null,
  region text not null,
  outcome text not null,
  reason text not null,
  exchanges bigint not null,
  subjects bigint not null,
  disclosures bigint not null,
  rows bigint not null,
  held_back bigint not null,
  replays bigint not null,
  replayed_subjects bigint not null,
  primary key (unit, at, requester, provider, query, region, outcome, reason)
) partition by list (unit);
create table volume_minute partition of volume for values in ('minute');
create table volume_hour partition of volume for values in ('hour');
create table volume_day partition of volume for values in ('day');`;

/** Sixteen pieces each, so that the two largest tables grow and are vacuumed in parts. */
const partitions = `
do $$ begin
  for i in 0..15 loop
    execute format('create table mirror_line_%s partition of mirror_line for values with (modulus 16, remainder %s)', i, i);
    execute format('create table exchange_state_%s partition of exchange_state for values with (modulus 16, remainder %s)', i, i);
  end loop;
end $$;`;

/** For retention: due dates grow with the table, so a summary of its pages is enough. */
const retention = `
create index exchange_state_due on exchange_state using brin (due);`;

/** Tables of the monitor's database. Run by whoever opens it. */
export const monitorMigrations: readonly Migration[] = [
  ...identityMigrations,
  ...nodeMigrations,
  { name: 'monitor-0001-mirror', up: mirror },
  { name: 'monitor-0002-alarms', up: alarms },
  { name: 'monitor-0003-counting', up: counting },
  { name: 'monitor-0004-partitions', up: partitions },
  { name: 'monitor-0005-retention', up: retention },
];
