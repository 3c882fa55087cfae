import { type Migration } from '#database';

/** A log: its head is the lock point of the writer, its entries are never changed, its full tiles are served. */
const log = `
create table log_head (
  origin text primary key,
  size bigint not null check (size >= 0),
  root bytea not null,
  seal bytea not null,
  fence bigint not null,
  closed boolean not null default false
);
create table log_entry (
  origin text not null,
  index bigint not null,
  leaf bytea not null,
  kind text not null,
  exchange uuid not null,
  at timestamptz not null,
  public bytea not null,
  private bytea,
  refilled boolean not null default false, -- from the monitor's mirror, after the database was restored
  primary key (origin, index)
);
create unique index log_entry_once on log_entry (exchange, kind, origin)
  where kind in ('intent', 'disclosure', 'outcome');
create index log_entry_scheme on log_entry (origin) where kind = 'scheme';
create table log_tile (
  origin text not null,
  level smallint not null,
  n bigint not null,
  hashes bytea not null,
  primary key (origin, level, n)
);
create table log_checkpoint (
  origin text primary key,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null default now()
);
create table subject_index (
  commitment bytea not null,
  origin text not null,
  index bigint not null,
  primary key (commitment, origin, index)
);`;

/** Append-only for everyone but a superuser, whose change the tree shows: only the private line may go, and only to null. */
const appendOnly = `
create function log_entry_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.private is null
       and (new.origin, new.index, new.leaf, new.kind, new.exchange, new.at, new.public, new.refilled)
           is not distinct from
           (old.origin, old.index, old.leaf, old.kind, old.exchange, old.at, old.public, old.refilled) then
      return new;
    end if;
  end if;
  raise exception 'log_entry is append-only' using errcode = 'integrity_constraint_violation';
end $$;
create trigger log_entry_row before update or delete on log_entry
  for each row execute function log_entry_is_append_only();
create trigger log_entry_truncate before truncate on log_entry
  for each statement execute function log_entry_is_append_only();`;

/** What other nodes' logs showed us, and proofs against those that forked. */
const peers = `
create table peer_entry (
  origin text not null,
  index bigint not null,
  leaf bytea not null,
  public bytea not null,
  private bytea,
  path bytea not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  primary key (origin, index)
);
create table peer_checkpoint (
  origin text primary key,
  size bigint not null,
  root bytea not null,
  note text not null
);
create table peer_fork (
  origin text primary key,
  at timestamptz not null default now(),
  first jsonb not null,
  second jsonb not null
);`;

const security = `
create table security_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  code text not null,
  claimed text not null,
  topic text not null,
  hash bytea
);
create table security_count (code text primary key, events bigint not null);`;

/** The bundle in force, which the transaction of every disclosure reads (`#sharing` writes it). */
const bundle = `
create table active_bundle (
  provider text primary key,
  number bigint not null,
  note text not null,
  since timestamptz not null default now()
);`;

/**
 * Several adapters of one node share the questions to their agency, each with a log of its own; whatever they believe of
 * each other, an exchange is disclosed once. What a log had disclosed before its database was restored comes back whatever
 * another one has disclosed since: it is signed, and a log that lacks it could not go on.
 */
const severalWriters = `
create unique index log_entry_disclosed_once on log_entry (exchange) where kind = 'disclosure' and not refilled;

-- Whether the writer that opened a log with this fence may still append: nobody has opened the log since, and somebody
-- holds its lease (\`WriterSession\`).
create function log_writer_lives(of text, opening bigint) returns boolean language sql volatile as $$
  select exists (select from log_head where origin = of and fence <= opening and not closed)
     and exists (
       select from pg_locks
        where locktype = 'advisory' and granted and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
          and (classid::bigint << 32 | objid::bigint) = hashtextextended(of, 6962));
$$;`;

/** A writer reads them at each start. */
const keyEntries = `
create index log_entry_key on log_entry (origin, index) where kind = 'key';`;

/** A node looks at its start for the newest of them that says which registry was in force. */
const adminEntries = `
create index log_entry_admin on log_entry (origin, index) where kind = 'admin';`;

/**
 * An exchange has one outcome, and beside one to which nothing had come in time at most one acknowledgement of what came
 * later. Which of the two a row is stands in its line, and the constraint holds the column against it: no string of canonical
 * JSON holds an unescaped quote, so the bytes are there only as that field. A column of its own, because one that PostgreSQL
 * computed would make it write the table anew; no row from before is late, so they need not be looked at either.
 */
const lateAcknowledgements = `
alter table log_entry add column late boolean not null default false;
alter table log_entry add constraint log_entry_late
  check (late = (kind = 'outcome' and position('"late":true'::bytea in public) > 0)) not valid;
drop index log_entry_once;
create unique index log_entry_once on log_entry (exchange, kind, origin, late)
  where kind in ('intent', 'disclosure', 'outcome');
create or replace function log_entry_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.private is null
       and (new.origin, new.index, new.leaf, new.kind, new.exchange, new.at, new.public, new.refilled, new.late)
           is not distinct from
           (old.origin, old.index, old.leaf, old.kind, old.exchange, old.at, old.public, old.refilled, old.late) then
      return new;
    end if;
  end if;
  raise exception 'log_entry is append-only' using errcode = 'integrity_constraint_violation';
end $$;`;

/**
 * What an administrator wants erased. Some log says so before anything is: the erased one, or, once it is closed, another of
 * its agency. Whether it has been said is asked of that log, and stands nowhere else.
 */
const erasureOrders = `
create table erasure_order (
  id bigint generated always as identity primary key,
  origin text not null, -- whose private lines go
  before timestamptz not null,
  said_in text not null, -- the log that says so; its process erases
  exchange uuid not null default gen_random_uuid(), -- of the entry that says so
  ordered_at timestamptz not null default now(),
  begin_by timestamptz not null, -- lapses when nobody has begun until then
  begun_at timestamptz, -- cannot be taken back any more
  erased bigint not null default 0, -- until now
  failures integer not null default 0,
  failure text, -- code of the last one
  next_try timestamptz not null default now(),
  done_at timestamptz
);
create index erasure_order_open on erasure_order (id) where done_at is null;`;

/** What is kept once for what it is about: who goes on all day does not push out what others did. */
const securityOnce = `
alter table security_event add column about text not null default '';
create unique index security_event_once on security_event (code, claimed, about) where about <> '';`;

/** Tables of a node's evidence, in order; run by the node's migration runner. */
export const evidenceMigrations: Migration[] = [
  { name: 'evidence-001-log', up: log },
  { name: 'evidence-002-append-only', up: appendOnly },
  { name: 'evidence-003-peers', up: peers },
  { name: 'evidence-004-security', up: security },
  { name: 'evidence-005-bundle', up: bundle },
  { name: 'evidence-006-several-writers', up: severalWriters },
  { name: 'evidence-007-key-entries', up: keyEntries },
  { name: 'evidence-008-admin-entries', up: adminEntries },
  { name: 'evidence-009-late-acknowledgements', up: lateAcknowledgements },
  { name: 'evidence-010-erasure-orders', up: erasureOrders },
  { name: 'evidence-011-security-once', up: securityOnce },
];
