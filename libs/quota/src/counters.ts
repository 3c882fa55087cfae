import { type CountedReservation, type QuotaKey } from './reservation.js';

/** What becomes of a reservation. */
export interface Verdict {
  verdict: 'reserved' | 'none-quota' | 'burst' | 'day-quota' | 'subject-quota' | 'other-question';
  /** Seconds until a bucket that is too empty holds enough. */
  wait: number;
  /** Subjects counted that day, this reservation included; more than the quota where that was lowered during the day. */
  used: number;
  /** Whether it was counted just now: an exchange that comes again is reserved and not counted. */
  isNew: boolean;
}

/** Tokens left in a bucket at a moment, milliseconds. */
export interface Bucket {
  tokens: number;
  at: number;
}

/** Counters by the names of {@link bucketName}, {@link dayName}, {@link subjectName}; an exchange's question by its id. */
export interface Counted {
  buckets: Map<string, Bucket>;
  days: Map<string, number>;
  /** Of the days, those of whom there was nothing; this is only read here. */
  none: Map<string, number>;
  subjects: Map<string, number>;
  questions: Map<string, string>;
  spentDays: Set<string>;
}

export const bucketName = ({ requester, query, purpose }: QuotaKey): string =>
  JSON.stringify([requester, query, purpose]);
export const dayName = (of: QuotaKey & { day: string }): string => `${of.day} ${bucketName(of)}`;
export const subjectName = (of: QuotaKey & { day: string; subject: string }): string =>
  `${of.subject} ${dayName(of)}`;

/**
 * Decides a reservation by what was counted before, and counts it there when it fits. An exchange is counted once, however
 * often it comes; the same id with another question (other subjects, more of them, another grant) would else be let through
 * uncounted.
 */
export function reserve(counted: Counted, asked: CountedReservation): Verdict {
  const used = counted.days.get(dayName(asked)) ?? 0;
  const spent = counted.spentDays.has(asked.day);
  const said = verdictOf(counted, asked, used, spent);
  const isNew = said.verdict === 'reserved' && !isRemembered(counted, asked);
  if (isNew) count(counted, asked);
  return { ...said, isNew, used: spent ? asked.perDay : (counted.days.get(dayName(asked)) ?? 0) };
}

/** Tokens of a bucket that refills by its size each second, and never above it. */
export function tokensAt({ tokens, at: since }: Bucket, burst: number, at: number): number {
  return Math.min(burst, tokens + (Math.max(0, at - since) / 1_000) * burst);
}

function verdictOf(
  counted: Counted,
  asked: CountedReservation,
  used: number,
  spent: boolean,
): Pick<Verdict, 'verdict' | 'wait'> {
  const { exchange, amount, burst, at, perDay } = asked;
  const remembered = exchange && counted.questions.get(exchange.id);
  if (remembered !== undefined)
    return { verdict: remembered === exchange!.question ? 'reserved' : 'other-question', wait: 0 };
  if (hasTooManyNone(counted, asked)) return { verdict: 'none-quota', wait: 0 };
  const tokens = tokensAt(counted.buckets.get(bucketName(asked))!, burst, at);
  if (tokens < amount) return { verdict: 'burst', wait: (amount - tokens) / burst };
  if (spent || used + amount > perDay) return { verdict: 'day-quota', wait: 0 };
  return { verdict: fitsSubjects(counted, asked) ? 'reserved' : 'subject-quota', wait: 0 };
}

function hasTooManyNone({ none }: Counted, asked: CountedReservation): boolean {
  return (none.get(dayName(asked)) ?? 0) >= (asked.nonePerDay ?? Infinity);
}

function isRemembered({ questions }: Counted, { exchange }: CountedReservation): boolean {
  return exchange !== undefined && questions.has(exchange.id);
}

function fitsSubjects({ subjects }: Counted, asked: CountedReservation): boolean {
  return asked.subjects.every(
    ({ subject, times }) =>
      (subjects.get(subjectName({ ...asked, subject })) ?? 0) + times <= asked.perSubjectPerDay,
  );
}

function count(counted: Counted, asked: CountedReservation): void {
  const { amount, at, burst, exchange } = asked;
  const bucket = counted.buckets.get(bucketName(asked))!;
  counted.buckets.set(bucketName(asked), {
    tokens: tokensAt(bucket, burst, at) - amount,
    at: Math.max(bucket.at, at),
  });
  add(counted.days, dayName(asked), amount);
  for (const { subject, times } of asked.subjects)
    add(counted.subjects, subjectName({ ...asked, subject }), times);
  if (exchange) counted.questions.set(exchange.id, exchange.question);
}

function add(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}
