import { createHmac, createSecretKey } from 'node:crypto';
import { dayOf } from './day.js';

/** What a quota is counted for. Each requester, query and purpose has its own counters. */
export interface QuotaKey {
  /** The asking agency, never a class. */
  requester: string;
  /** `HR-SI-01@1` */
  query: string;
  /** Purpose code. */
  purpose: string;
}

/** Limits of a grant, in subjects. `burst` is the size of a bucket that refills by as much each second. */
export interface QuotaLimits {
  perDay: number;
  perSubjectPerDay: number;
  burst: number;
}

export interface Reservation extends QuotaKey {
  /** UUID. The same exchange again is let through and not counted again. Absent: counted as often as it is asked for. */
  exchange?: string;
  /** Keyed commitments to the subjects, one per subject of the call; one asked twice counts twice. */
  subjects: readonly Buffer[];
  quota: QuotaLimits;
  /** Milliseconds since the epoch. */
  at: number;
}

/** A reservation as `quota_reserve` takes it. */
export type ReservationRow = Record<string, unknown>;

export function rowOf(reservation: Reservation, subjectKey: Buffer): ReservationRow {
  const { requester, query, purpose, exchange, subjects, quota, at } = reservation;
  const day = dayOf(at);
  return {
    requester,
    query,
    purpose,
    day,
    at,
    amount: subjects.length,
    subjects: counted(subjects.map((subject) => stored(subject, day, subjectKey))),
    per_day: quota.perDay,
    per_subject: quota.perSubjectPerDay,
    burst: quota.burst,
    exchange,
  };
}

/** Under another key each day and truncated: the counters name nobody, and days cannot be joined. */
function stored(subject: Buffer, day: string, key: Buffer): string {
  return createHmac('sha256', createSecretKey(key))
    .update(`quota/v1\n${day}\n`)
    .update(subject)
    .digest('hex')
    .slice(0, 32);
}

/** Sorted, so that two calls write their common subjects in one order. */
function counted(subjects: readonly string[]): { subject: string; times: number }[] {
  const times = new Map<string, number>();
  for (const subject of subjects) times.set(subject, (times.get(subject) ?? 0) + 1);
  return [...times]
    .map(([subject, count]) => ({ subject, times: count }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
}
