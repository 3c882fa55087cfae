import { type PoolClient } from 'pg';
import { byteaArray } from '#database';
import { bucketName, dayName, subjectName, type Counted } from './counters.js';
import { type CountedReservation } from './reservation.js';
import { keyColumns, subjectsOf } from './stored-counters.js';

/**
 * Writes what reservations that were just counted have changed.
 * @returns false when an exchange among them was counted meanwhile for another requester, query or purpose, not under these
 *   locks: the transaction must be rolled back, and all of it looked at again
 */
export async function writeCounters(
  client: PoolClient,
  { buckets }: Counted,
  added: readonly CountedReservation[],
): Promise<boolean> {
  if (added.length === 0) return true;
  const [noted] = await Promise.all([
    noteExchanges(client, added),
    writeBuckets(client, buckets, added),
    addToDays(client, added),
    addToSubjects(client, added),
  ]);
  return noted;
}

/** In one order: two processes that note the same exchanges must not wait for each other. */
async function noteExchanges(client: PoolClient, added: readonly CountedReservation[]): Promise<boolean> {
  const exchanges = added.flatMap(({ exchange }) => exchange ?? []).sort((a, b) => (a.id < b.id ? -1 : 1));
  const { rowCount } = await client.query({
    name: 'quota-note-exchanges',
    text: `insert into quota_counted (exchange, question, until)
      select * from unnest($1::uuid[], $2::bytea[], $3::timestamptz[]) on conflict do nothing`,
    values: [
      exchanges.map(({ id }) => id),
      byteaArray(exchanges.map(({ question }) => Buffer.from(question, 'hex'))),
      exchanges.map(({ until }) => new Date(until)),
    ],
  });
  return rowCount === exchanges.length;
}

async function writeBuckets(
  client: PoolClient,
  buckets: Counted['buckets'],
  added: readonly CountedReservation[],
): Promise<void> {
  const keys = [...new Map(added.map((one) => [bucketName(one), one])).values()];
  const now = keys.map((key) => buckets.get(bucketName(key))!);
  await client.query({
    name: 'quota-write-buckets',
    text: `update quota_bucket b set tokens = now.tokens, at = now.at
      from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::bigint[])
        as now (requester, query, purpose, tokens, at)
      where (b.requester, b.query, b.purpose) = (now.requester, now.query, now.purpose)`,
    values: [...keyColumns(keys), now.map(({ tokens }) => tokens), now.map(({ at }) => at)],
  });
}

async function addToDays(client: PoolClient, added: readonly CountedReservation[]): Promise<void> {
  const sums = summed(added, dayName, ({ amount }) => amount);
  await client.query({
    name: 'quota-add-days',
    text: `insert into quota_day as d (day, requester, query, purpose, used)
      select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
      on conflict (day, requester, query, purpose) do update set used = d.used + excluded.used`,
    values: [
      sums.map(({ of }) => of.day),
      ...keyColumns(sums.map(({ of }) => of)),
      sums.map(({ sum }) => sum),
    ],
  });
}

async function addToSubjects(client: PoolClient, added: readonly CountedReservation[]): Promise<void> {
  const sums = summed(subjectsOf(added), subjectName, ({ times }) => times);
  await client.query({
    name: 'quota-add-subjects',
    text: `insert into quota_subject_day as d (day, requester, query, purpose, subject, used)
      select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[])
      on conflict (day, requester, query, purpose, subject) do update set used = d.used + excluded.used`,
    values: [
      sums.map(({ of }) => of.day),
      ...keyColumns(sums.map(({ of }) => of)),
      byteaArray(sums.map(({ of }) => Buffer.from(of.subject, 'hex'))),
      sums.map(({ sum }) => sum),
    ],
  });
}

/** A statement may touch a row once only. */
export function summed<T>(list: readonly T[], nameOf: (one: T) => string, amountOf: (one: T) => number) {
  const sums = new Map<string, { of: T; sum: number }>();
  for (const of of list) {
    const name = nameOf(of);
    sums.set(name, { of, sum: (sums.get(name)?.sum ?? 0) + amountOf(of) });
  }
  return [...sums.values()];
}
