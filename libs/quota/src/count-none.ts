import { type Pool, type PoolClient } from 'pg';
import { withTransaction } from '#database';
import { dayName, type Verdict } from './counters.js';
import { type QuotaKey } from './reservation.js';
import { unreachable } from './reserve-all.js';
import { keyColumns, lockBuckets, readDays } from './stored-counters.js';
import { summed } from './write-counters.js';

/** What an exchange that was reserved would tell: of how many of its subjects there is nothing. */
export interface NoneCount extends QuotaKey {
  /** UUID. */
  exchange: string;
  count: number;
  /** Of the day, over all exchanges of this requester, query and purpose. */
  limit: number;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  day: string;
}

/** `unknown`: swept, or lost with a crash of the database; then its reservation is lost too, and has to be made again. */
type Said = Extract<Verdict['verdict'], 'reserved' | 'none-quota'> | 'unknown';

/** By the day's name, and by the exchange's id, what is counted until now. */
interface Counted {
  days: Map<string, number>;
  exchanges: Map<string, number>;
}

/**
 * Counts in the order of the list, one transaction for all. As with a reservation, the disclosure that follows commits to the
 * same write-ahead log and waits for it.
 * @throws Problem `log-unavailable`
 */
export async function countAllNone(pool: Pool, asked: readonly NoneCount[]): Promise<Said[]> {
  const listed = asked.map((one) => ({ ...one, exchange: one.exchange.toLowerCase() }));
  try {
    return await withTransaction(pool, (client) => decideAll(client, listed));
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** The same statements whatever is found: how long an answer takes must not tell it. */
async function decideAll(client: PoolClient, asked: readonly NoneCount[]): Promise<Said[]> {
  const [, , { none }, exchanges] = await Promise.all([
    client.query('set local synchronous_commit = off'),
    lockBuckets(client, asked),
    readDays(client, asked),
    readExchanges(client, asked),
  ]);
  const tried = asked.map((one) => ({ ...one, ...count({ days: none, exchanges }, one) }));
  await Promise.all([writeExchanges(client, exchanges), addToDays(client, tried)]);
  return tried.map(({ said }) => said);
}

/**
 * An attempt of an exchange takes the place of its earlier ones: what it would tell is counted once, and itself does not stand
 * in its own way (nor, for the minutes of its deadline, if those were before midnight). At the limit everything else is refused; whether this one would go beyond it must not matter, as that is
 * about the persons.
 * @returns also how many more than before
 */
function count({ days, exchanges }: Counted, asked: NoneCount): { said: Said; more: number } {
  const own = exchanges.get(asked.exchange);
  if (own === undefined) return { said: 'unknown', more: 0 };
  const ofDay = days.get(dayName(asked)) ?? 0;
  if (ofDay - own >= asked.limit) return { said: 'none-quota', more: 0 };
  const more = Math.max(0, asked.count - own);
  days.set(dayName(asked), ofDay + more);
  exchanges.set(asked.exchange, own + more);
  return { said: 'reserved', more };
}

async function readExchanges(client: PoolClient, asked: readonly NoneCount[]): Promise<Counted['exchanges']> {
  const { rows } = await client.query<{ exchange: string; none: string }>({
    name: 'quota-read-none',
    text: 'select exchange, none from quota_counted where exchange = any($1::uuid[])',
    values: [asked.map(({ exchange }) => exchange)],
  });
  return new Map(rows.map(({ exchange, none }) => [exchange, Number(none)]));
}

async function writeExchanges(client: PoolClient, exchanges: Counted['exchanges']): Promise<void> {
  await client.query({
    name: 'quota-write-none',
    text: `update quota_counted c set none = now.none
      from unnest($1::uuid[], $2::bigint[]) as now (exchange, none) where c.exchange = now.exchange`,
    values: [[...exchanges.keys()], [...exchanges.values()]],
  });
}

async function addToDays(
  client: PoolClient,
  added: readonly (NoneCount & { more: number })[],
): Promise<void> {
  const sums = summed(added, dayName, ({ more }) => more);
  await client.query({
    name: 'quota-add-none',
    text: `insert into quota_day as d (day, requester, query, purpose, used, none)
      select day, requester, query, purpose, 0, none
        from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
          as one (day, requester, query, purpose, none)
      on conflict (day, requester, query, purpose) do update set none = d.none + excluded.none`,
    values: [
      sums.map(({ of }) => of.day),
      ...keyColumns(sums.map(({ of }) => of)),
      sums.map(({ sum }) => sum),
    ],
  });
}
