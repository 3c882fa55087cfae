import { type Migration } from '#database';
import { RESERVE_MATCHING } from './reserve-matching.js';

/**
 * Counters of the provider's database. `quota_reserve` takes reservations as a JSON list and answers one verdict each; the
 * row of the bucket is the lock of its (requester, query, purpose), taken in sorted order, so calls cannot overtake each
 * other between looking and counting, in one process or in many.
 */
const RESERVE = `
create function quota_reserve(reservations jsonb) returns table (verdict text, wait double precision)
language plpgsql as $$
declare
  one record;
  bucket quota_bucket;
  tokens_now double precision;
  used_now bigint;
begin
  -- The disclosure that follows commits to the same write-ahead log and waits for it, so what it depends on is durable
  -- before anything leaves; a crash before that loses a count of nothing released.
  perform set_config('synchronous_commit', 'off', true);
  for one in
    select r.* from jsonb_to_recordset(reservations) as r(
      requester text, query text, purpose text, day date, at bigint, subjects jsonb, amount bigint,
      per_day bigint, per_subject bigint, burst bigint)
  loop
    verdict := 'reserved'; wait := 0;
    insert into quota_bucket as b (requester, query, purpose, tokens, at)
      values (one.requester, one.query, one.purpose, one.burst, one.at) on conflict do nothing;
    select * into bucket from quota_bucket b
      where b.requester = one.requester and b.query = one.query and b.purpose = one.purpose for update;
    tokens_now := least(one.burst, bucket.tokens + greatest(0, one.at - bucket.at) / 1000.0 * one.burst);
    select coalesce(sum(d.used), 0) into used_now from quota_day d
      where d.day = one.day and d.requester = one.requester and d.query = one.query and d.purpose = one.purpose;

    if tokens_now < one.amount then
      verdict := 'burst'; wait := (one.amount - tokens_now) / one.burst;
    elsif used_now + one.amount > one.per_day or exists (select from quota_spent_day s where s.day = one.day) then
      verdict := 'day-quota';
    elsif exists (
      select from jsonb_to_recordset(one.subjects) as s(subject text, times bigint)
      left join quota_subject_day d on d.day = one.day and d.requester = one.requester and d.query = one.query
        and d.purpose = one.purpose and d.subject = decode(s.subject, 'hex')
      where coalesce(d.used, 0) + s.times > one.per_subject
    ) then
      verdict := 'subject-quota';
    else
      update quota_bucket b set tokens = tokens_now - one.amount, at = greatest(bucket.at, one.at)
        where b.requester = one.requester and b.query = one.query and b.purpose = one.purpose;
      insert into quota_day as d (day, requester, query, purpose, used)
        values (one.day, one.requester, one.query, one.purpose, one.amount)
        on conflict (day, requester, query, purpose) do update set used = d.used + excluded.used;
      insert into quota_subject_day as d (day, requester, query, purpose, subject, used)
        select one.day, one.requester, one.query, one.purpose, decode(s.subject, 'hex'), s.times
        from jsonb_to_recordset(one.subjects) as s(subject text, times bigint)
        on conflict (day, requester, query, purpose, subject) do update set used = d.used + excluded.used;
    end if;
    return next;
  end loop;
end $$;
`;

/** Schema of the quota counters. */
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
      create table quota_spent_day (day date primary key);
      ${RESERVE}`,
  },
  { name: 'quota-2-matching', up: RESERVE_MATCHING },
];
