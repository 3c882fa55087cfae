/**
 * Counts an exchange once, whichever process of the node asks for it and however often: that it was counted is written with
 * the count itself, and for which question. The same id with another question (other subjects, more of them, another grant)
 * would else be let through uncounted. Says what is used afterwards, so that nobody has to ask again.
 *
 * A row lives until its question can come no more, not for the day: `until` is what `forgetExchanges` deletes by.
 */
export const RESERVE_MATCHING = `
create table quota_counted (
  exchange uuid primary key,
  question bytea not null,      -- keyed digest, under this exchange's id
  until timestamptz not null
);
create index quota_counted_until on quota_counted (until);
drop function quota_reserve(jsonb);
create function quota_reserve(reservations jsonb)
  returns table (verdict text, wait double precision, used_now bigint)
language plpgsql as $$
declare
  one record;
  bucket quota_bucket;
  tokens_now double precision;
  spent boolean;
  remembered bytea;
begin
  -- The disclosure that follows commits to the same write-ahead log and waits for it, so what it depends on is durable
  -- before anything leaves; a crash before that loses a count of nothing released.
  perform set_config('synchronous_commit', 'off', true);
  for one in
    select r.* from jsonb_to_recordset(reservations) as r(
      requester text, query text, purpose text, day date, at bigint, subjects jsonb, amount bigint,
      per_day bigint, per_subject bigint, burst bigint, exchange uuid, question text, until bigint)
  loop
    verdict := 'reserved'; wait := 0;
    insert into quota_bucket as b (requester, query, purpose, tokens, at)
      values (one.requester, one.query, one.purpose, one.burst, one.at) on conflict do nothing;
    select * into bucket from quota_bucket b
      where b.requester = one.requester and b.query = one.query and b.purpose = one.purpose for update;
    tokens_now := least(one.burst, bucket.tokens + greatest(0, one.at - bucket.at) / 1000.0 * one.burst);
    select coalesce(sum(d.used), 0) into used_now from quota_day d
      where d.day = one.day and d.requester = one.requester and d.query = one.query and d.purpose = one.purpose;

    spent := exists (select from quota_spent_day s where s.day = one.day);

    select c.question into remembered from quota_counted c where c.exchange = one.exchange;
    if found then
      -- counted before: by a process that was killed since, or by another one; but for this question only
      if remembered <> decode(one.question, 'hex') then verdict := 'other-question'; end if;
    elsif tokens_now < one.amount then
      verdict := 'burst'; wait := (one.amount - tokens_now) / one.burst;
    elsif spent or used_now + one.amount > one.per_day then
      verdict := 'day-quota';
    elsif exists (
      select from jsonb_to_recordset(one.subjects) as s(subject text, times bigint)
      left join quota_subject_day d on d.day = one.day and d.requester = one.requester and d.query = one.query
        and d.purpose = one.purpose and d.subject = decode(s.subject, 'hex')
      where coalesce(d.used, 0) + s.times > one.per_subject
    ) then
      verdict := 'subject-quota';
    else
      if one.exchange is not null then
        insert into quota_counted (exchange, question, until)
          values (one.exchange, decode(one.question, 'hex'), to_timestamp(one.until / 1000.0)) on conflict do nothing;
        -- Not under the lock of this bucket: another requester, query or purpose has taken the exchange just now.
        if not found then verdict := 'other-question'; end if;
      end if;
      if verdict = 'reserved' then
        update quota_bucket b set tokens = tokens_now - one.amount, at = greatest(bucket.at, one.at)
          where b.requester = one.requester and b.query = one.query and b.purpose = one.purpose;
        insert into quota_day as d (day, requester, query, purpose, used)
          values (one.day, one.requester, one.query, one.purpose, one.amount)
          on conflict (day, requester, query, purpose) do update set used = d.used + excluded.used;
        insert into quota_subject_day as d (day, requester, query, purpose, subject, used)
          select one.day, one.requester, one.query, one.purpose, decode(s.subject, 'hex'), s.times
          from jsonb_to_recordset(one.subjects) as s(subject text, times bigint)
          on conflict (day, requester, query, purpose, subject) do update set used = d.used + excluded.used;
        used_now := used_now + one.amount;
      end if;
    end if;
    if spent then used_now := one.per_day; end if;
    return next;
  end loop;
end $$;
`;
