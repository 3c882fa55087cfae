import { type PoolClient } from 'pg';
import { byteaArray } from '#database';
import { bucketName, dayName, subjectName, type Counted } from './counters.js';
import { type CountedReservation, type QuotaKey } from './reservation.js';

type OfSubject = QuotaKey & { day: string; subject: string };

/**
 * What the database has counted of everything that these reservations touch. Their buckets' rows are locked, in one order, so
 * that two processes with the same keys never wait for each other, and stay so until the transaction ends.
 */
export async function lockCounters(
  client: PoolClient,
  asked: readonly CountedReservation[],
): Promise<Counted> {
  const [, buckets, { days, none }, subjects, questions, spent] = await Promise.all([
    makeBuckets(client, asked),
    lockBuckets(client, asked),
    readDays(client, asked),
    readSubjects(client, asked),
    readQuestions(client, asked),
    readSpentDays(client, asked),
  ]);
  return { buckets, days, none, subjects, questions, spentDays: spent };
}

/** One of each name, in the order of the names. */
function distinct<T>(list: readonly T[], nameOf: (one: T) => string): T[] {
  return [...new Map(list.map((one) => [nameOf(one), one]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

export function keyColumns(keys: readonly QuotaKey[]): string[][] {
  return [
    keys.map(({ requester }) => requester),
    keys.map(({ query }) => query),
    keys.map(({ purpose }) => purpose),
  ];
}

export function subjectsOf(asked: readonly CountedReservation[]): (OfSubject & { times: number })[] {
  return asked.flatMap(({ subjects, requester, query, purpose, day }) =>
    subjects.map((one) => ({ ...one, requester, query, purpose, day })),
  );
}

/** A new bucket is full. */
async function makeBuckets(client: PoolClient, asked: readonly CountedReservation[]): Promise<void> {
  const fresh = distinct(asked, bucketName);
  await client.query({
    name: 'quota-make-buckets',
    text: `insert into quota_bucket (requester, query, purpose, tokens, at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::bigint[]) on conflict do nothing`,
    values: [...keyColumns(fresh), fresh.map(({ burst }) => burst), fresh.map(({ at }) => at)],
  });
}

/** Who holds their rows is the only one who counts for these keys. */
export async function lockBuckets(
  client: PoolClient,
  asked: readonly QuotaKey[],
): Promise<Counted['buckets']> {
  const { rows } = await client.query<QuotaKey & { tokens: number; at: string }>({
    name: 'quota-lock-buckets',
    text: `select b.* from unnest($1::text[], $2::text[], $3::text[]) as asked (requester, query, purpose)
      join quota_bucket b using (requester, query, purpose)
      order by b.requester, b.query, b.purpose for update of b`,
    values: keyColumns(distinct(asked, bucketName)),
  });
  return new Map(rows.map((row) => [bucketName(row), { tokens: row.tokens, at: Number(row.at) }]));
}

export async function readDays(
  client: PoolClient,
  asked: readonly (QuotaKey & { day: string })[],
): Promise<Pick<Counted, 'days' | 'none'>> {
  const days = distinct(asked, dayName);
  const { rows } = await client.query<{ place: string; used: string; none: string }>({
    name: 'quota-read-days',
    text: `select place, used, none from unnest($1::date[], $2::text[], $3::text[], $4::text[])
        with ordinality as asked (day, requester, query, purpose, place)
      join quota_day using (day, requester, query, purpose)`,
    values: [days.map(({ day }) => day), ...keyColumns(days)],
  });
  const nameOf = ({ place }: { place: string }) => dayName(days[Number(place) - 1]!);
  return {
    days: new Map(rows.map((row) => [nameOf(row), Number(row.used)])),
    none: new Map(rows.map((row) => [nameOf(row), Number(row.none)])),
  };
}

async function readSubjects(
  client: PoolClient,
  asked: readonly CountedReservation[],
): Promise<Counted['subjects']> {
  const subjects = distinct(subjectsOf(asked), subjectName);
  const { rows } = await client.query<{ place: string; used: string }>({
    name: 'quota-read-subjects',
    text: `select place, used from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bytea[])
        with ordinality as asked (day, requester, query, purpose, subject, place)
      join quota_subject_day using (day, requester, query, purpose, subject)`,
    values: [
      subjects.map(({ day }) => day),
      ...keyColumns(subjects),
      byteaArray(subjects.map(({ subject }) => Buffer.from(subject, 'hex'))),
    ],
  });
  return new Map(rows.map(({ place, used }) => [subjectName(subjects[Number(place) - 1]!), Number(used)]));
}

async function readQuestions(
  client: PoolClient,
  asked: readonly CountedReservation[],
): Promise<Counted['questions']> {
  const ids = asked.flatMap(({ exchange }) => exchange?.id ?? []);
  const { rows } = await client.query<{ exchange: string; question: Buffer }>({
    name: 'quota-read-questions',
    text: 'select exchange, question from quota_counted where exchange = any($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map(({ exchange, question }) => [exchange, question.toString('hex')]));
}

async function readSpentDays(
  client: PoolClient,
  asked: readonly CountedReservation[],
): Promise<Counted['spentDays']> {
  const { rows } = await client.query<{ day: string }>({
    name: 'quota-read-spent-days',
    text: 'select day::text from quota_spent_day where day = any($1::date[])',
    values: [[...new Set(asked.map(({ day }) => day))]],
  });
  return new Set(rows.map(({ day }) => day));
}
