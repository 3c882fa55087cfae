const DAY_MS = 86_400_000;

/** Months are counted from January of year 0, days from 1970-01-01: both are plain integers to calculate with. */
export type MonthNumber = number;
export type DayNumber = number;

/** `YYYY-MM-DD` to its day. RangeError when it is no date. */
export function dayOf(date: string): DayNumber {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at) || dateText(at / DAY_MS) !== date) throw new RangeError('a date YYYY-MM-DD is needed');
  return at / DAY_MS;
}

export function dateText(day: DayNumber): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function epochMs(day: DayNumber): number {
  return day * DAY_MS;
}

export function yearOf(day: DayNumber): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

export function monthOf(day: DayNumber): MonthNumber {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** `YYYYMM`, as GB/T 40217 and JGJ/T 320 write a month. */
export function monthText(month: MonthNumber): string {
  return `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`;
}

/** First day of the month. */
export function firstDay(month: MonthNumber): DayNumber {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;
}

/** `from` to `to`, both included; empty when `to` lies before. */
export function months(from: MonthNumber, to: MonthNumber): MonthNumber[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
}
