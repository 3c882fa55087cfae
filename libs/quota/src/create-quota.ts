import { type KeyObject } from 'node:crypto';
import { type Pool } from 'pg';
import { Problem } from '#problem';
import { Batcher, deleteBefore } from '#database';
import { countAllNone, type NoneCount } from './count-none.js';
import { tokensAt, type Verdict } from './counters.js';
import { dayOf, secondsToNextDay } from './day.js';
import {
  countedBy,
  type CountedReservation,
  type QuotaKey,
  type QuotaLimits,
  type Reservation,
} from './reservation.js';
import { reserveAll, unreachable } from './reserve-all.js';

export interface QuotaOptions {
  /** The provider's own database: the one the disclosure is committed to right after. */
  pool: Pool;
  /** Milliseconds since the epoch, for calls that do not say `at`. */
  clock: () => number;
  /** 32 bytes, kept outside PostgreSQL: what subjects are counted under. */
  subjectKey: KeyObject;
}

/** How much of a day's quota is used, in subjects, and whole seconds until the next day. */
export interface DayLeft {
  limit: number;
  used: number;
  left: number;
  resetSeconds: number;
}

/** What is left, in subjects, with whole seconds until there is more (RateLimit header fields). */
export interface QuotaLeft {
  day: string;
  perDay: DayLeft;
  burst: { limit: number; left: number; resetSeconds: number };
  perSubjectPerDay: { limit: number };
}

export interface Quota {
  /**
   * Counts the subjects of one call, all or none, before its disclosure is appended, and an exchange that it names once,
   * across the node's processes and their restarts.
   * @returns the day's quota after this call
   * @throws Problem `burst`, `day-quota`, `subject-quota` or `none-quota`, with `retryAfter` in seconds where waiting helps;
   *   `envelope-replayed` when the exchange was counted for another question; `log-unavailable` when the database does not
   *   answer.
   */
  reserve(reservation: Omit<Reservation, 'at'> & { at?: number }): Promise<DayLeft>;
  /**
   * Counts of an exchange that was reserved how many of its subjects there is nothing of (0 too), before that is told; once,
   * however often it is tried.
   * @throws Problem `none-quota` when the others of that day have reached the limit, whatever its own count;
   *   `log-unavailable`, also when the exchange is not known
   */
  countNone(asked: Omit<NoneCount, 'day'> & { at?: number }): Promise<void>;
  left(asked: QuotaKey & { quota: QuotaLimits; at?: number }): Promise<QuotaLeft>;
  /** Counts a day (`YYYY-MM-DD`, Asia/Shanghai) as spent for everybody: what a restored database has to do with today. */
  spendDay(day: string): Promise<void>;
  /** Deletes counters of days before this one; returns how many rows went. */
  forgetBefore(day: string): Promise<number>;
  /** Deletes the exchanges that can come no more (`until` is before `now`, milliseconds); returns how many went. */
  forgetExchanges(now: number): Promise<number>;
}

/** Subjects in one round trip: a few full calls, so that none waits long for another. */
const BATCH = 4_000;
/** Exchanges in one round trip. */
const NONE_BATCH = 500;
const KEY_SIZE = 32;
/** Quotas of one provider, counted in its database: any number of processes share them, and they survive restarts. */
export function createQuota({ pool, clock, subjectKey }: QuotaOptions): Quota {
  if ((subjectKey.symmetricKeySize ?? 0) < KEY_SIZE)
    throw new Problem('internal', { detail: 'the quota key is shorter than 32 bytes' });
  const batcher = new Batcher(
    (asked: readonly CountedReservation[]) => reserveAll(pool, asked),
    BATCH,
    'count quota',
  );
  const nones = new Batcher(
    (asked: readonly NoneCount[]) => countAllNone(pool, asked),
    NONE_BATCH,
    'add to none',
  );
  return {
    async reserve({ at = clock(), ...rest }) {
      const reservation = { at, ...rest };
      if (reservation.subjects.length > reservation.quota.burst) throw tooLarge(reservation.quota.burst);
      const verdict = await batcher.add(countedBy(reservation, subjectKey), reservation.subjects.length);
      refuseBy(verdict, at);
      return dayLeft(verdict.used, reservation.quota.perDay, at);
    },
    async countNone({ at = clock(), ...asked }) {
      const verdict = await nones.add({ ...asked, day: dayOf(at) }, 1);
      if (verdict === 'unknown') throw unreachable();
      refuseBy({ verdict, wait: 0 }, at);
    },
    left: ({ at = clock(), ...asked }) => left(pool, { at, ...asked }),
    spendDay: (day) => spendDay(pool, day),
    forgetBefore: (day) => forgetBefore(pool, day),
    forgetExchanges: (now) => deleteBefore(pool, 'quota_counted', 'until', new Date(now)),
  };
}

function refuseBy({ verdict, wait }: Pick<Verdict, 'verdict' | 'wait'>, at: number): void {
  if (verdict === 'reserved') return;
  if (verdict === 'other-question')
    throw new Problem('envelope-replayed', { detail: 'the exchange was counted for another question' });
  const retryAfter = verdict === 'burst' ? Math.max(1, Math.ceil(wait)) : secondsToNextDay(at);
  throw new Problem(verdict, { extensions: { retryAfter } });
}

/** Waiting does not help: the call has to be cut up. */
function tooLarge(burst: number): Problem {
  return new Problem('burst', {
    detail: 'one call has more subjects than the grant lets through at once',
    extensions: { limit: burst },
  });
}

interface Counters {
  used: string;
  spent: boolean;
  tokens: number | null;
  at: string | null;
}

async function left(
  pool: Pool,
  { requester, query, purpose, quota, at }: QuotaKey & { quota: QuotaLimits; at: number },
) {
  const day = dayOf(at);
  const { rows } = await pool
    .query<Counters>(
      `select coalesce((select used from quota_day where day = $1 and (requester, query, purpose) = ($2, $3, $4)), 0) used,
            exists (select from quota_spent_day where day = $1) spent, b.tokens, b.at
     from (select) nothing left join quota_bucket b on (b.requester, b.query, b.purpose) = ($2, $3, $4)`,
      [day, requester, query, purpose],
    )
    .catch((cause: unknown) => {
      throw unreachable(cause);
    });
  const counters = rows[0];
  if (counters === undefined) throw new Error('a query that always has one row had none');
  return {
    day,
    perDay: dayLeft(counters.spent ? quota.perDay : Number(counters.used), quota.perDay, at),
    burst: burstLeft(counters, quota.burst, at),
    perSubjectPerDay: { limit: quota.perSubjectPerDay },
  };
}

function dayLeft(counted: number, limit: number, at: number): DayLeft {
  const used = Math.min(counted, limit);
  return { limit, used, left: limit - used, resetSeconds: secondsToNextDay(at) };
}

function burstLeft({ tokens, at: since }: Counters, burst: number, at: number): QuotaLeft['burst'] {
  const left = Math.floor(tokens === null ? burst : tokensAt({ tokens, at: Number(since) }, burst, at));
  return { limit: burst, left, resetSeconds: left < burst ? 1 : 0 };
}

async function spendDay(pool: Pool, day: string): Promise<void> {
  await pool.query('insert into quota_spent_day (day) values ($1) on conflict do nothing', [day]);
}

async function forgetBefore(pool: Pool, day: string): Promise<number> {
  const tables = ['quota_day', 'quota_subject_day', 'quota_spent_day'];
  const counts = await Promise.all(tables.map((table) => deleteBefore(pool, table, 'day', day)));
  return counts.reduce((sum, count) => sum + count, 0);
}
