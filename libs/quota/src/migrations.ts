import { type Migration } from '#database';

/**
 * Counters of the provider's database. The row of the bucket is the lock of its (requester, query, purpose): who counts holds
 * it from looking to counting, in one process or in many.
 */
export const quotaMigrations: readonly Migration[] = [
  {
    name: 'quota-1-counters',
    up: `
      create table quota_bucket (
        requester text, query text, purpose text,
        tokens double precision not null, at bigint not null,
        primary key (requester, query, purpose)
      ) with (fillfactor = 50);
      create table quota_day (
        day date, requester text, query text, purpose text,
        used bigint not null,
        primary key (day, requester, query, purpose)
      ) with (fillfactor = 50);
      create table quota_subject_day (
        day date, requester text, query text, purpose text, subject bytea,
        used bigint not null,
        primary key (day, requester, query, purpose, subject)
      ) with (fillfactor = 80);
      create table quota_spent_day (day date primary key);`,
  },
  {
    // A row lives until its question can come no more, not for the day: `until` is what `forgetExchanges` deletes by.
    name: 'quota-2-counted',
    up: `
      create table quota_counted (
        exchange uuid primary key,
        question bytea not null,      -- keyed digest, under this exchange's id
        until timestamptz not null
      );
      create index quota_counted_until on quota_counted (until);
      drop function if exists quota_reserve(jsonb);`,
  },
  {
    // Subjects of whom there was nothing, where a grant limits them.
    name: 'quota-3-none',
    up: 'alter table quota_day add column none bigint not null default 0;',
  },
  {
    // How many of those are this exchange's, so that one that is tried again counts them once.
    name: 'quota-4-none-once',
    up: 'alter table quota_counted add column none bigint not null default 0;',
  },
];
