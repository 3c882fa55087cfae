import { createHmac, type KeyObject } from 'node:crypto';
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
  /** Of whom there is nothing: who tries one id after the other has many of them. Absent: not limited. */
  nonePerDay?: number;
}

export interface Reservation extends QuotaKey {
  /** UUID. The same exchange with the same question again is let through and not counted again. Absent: counted as often as it is asked for. */
  exchange?: string;
  /** How long the exchange is remembered: when it can come no more, milliseconds since the epoch. Default: 20 minutes after `at`. */
  until?: number;
  /** Keyed commitments to the subjects, one per subject of the call; one asked twice counts twice. */
  subjects: readonly Buffer[];
  quota: QuotaLimits;
  /** Milliseconds since the epoch. */
  at: number;
}

/** A deadline is at most ten minutes away, and a question is remembered for ten minutes after it (design: binding). */
const REMEMBERED_MS = 20 * 60_000;

/** A reservation as it is counted: its persons under keyed names that change every day. */
export interface CountedReservation extends QuotaKey, QuotaLimits {
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  day: string;
  at: number;
  amount: number;
  /** Sorted, each once. */
  subjects: readonly { subject: string; times: number }[];
  exchange?: {
    id: string;
    /** Keyed digest of what it asks, hex. */
    question: string;
    until: number;
  };
}

export function countedBy(reservation: Reservation, subjectKey: KeyObject): CountedReservation {
  const { requester, query, purpose, exchange, subjects, quota, at } = reservation;
  const { until = at + REMEMBERED_MS } = reservation;
  const day = dayOf(at);
  return {
    ...{ requester, query, purpose, ...quota, day, at },
    amount: subjects.length,
    subjects: counted(subjects.map((subject) => stored(subject, day, subjectKey))),
    ...(exchange !== undefined && {
      exchange: {
        id: exchange.toLowerCase(),
        question: questionOf(reservation, exchange, subjectKey),
        until,
      },
    }),
  };
}

/** What an exchange asks, of whom and for what. Under the exchange's own id: the digests of two exchanges cannot be joined. */
function questionOf(reservation: Reservation, exchange: string, key: KeyObject): string {
  const { requester, query, purpose, subjects } = reservation;
  const hmac = createHmac('sha256', key);
  hmac.update(`quota-question/v1\n${JSON.stringify([exchange.toLowerCase(), requester, query, purpose])}\n`);
  const sorted = subjects.map((subject) => subject.toString('hex')).sort();
  return hmac.update(sorted.join('\n')).digest('hex').slice(0, 32);
}

/** Under another key each day and truncated: the counters name nobody, and days cannot be joined. */
function stored(subject: Buffer, day: string, key: KeyObject): string {
  return createHmac('sha256', key).update(`quota/v1\n${day}\n`).update(subject).digest('hex').slice(0, 32);
}

/** Sorted, so that two calls write their common subjects in one order. */
function counted(subjects: readonly string[]): { subject: string; times: number }[] {
  const times = new Map<string, number>();
  for (const subject of subjects) times.set(subject, (times.get(subject) ?? 0) + 1);
  return [...times]
    .map(([subject, count]) => ({ subject, times: count }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
}
