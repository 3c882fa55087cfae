import { refuse } from './faults.js';
import { type IdOptions } from './normal-id.js';

const OLDEST_AGE = 120;

/** Refuses a birth (`YYYYMMDD`, eight digits) that is no calendar date, lies after `today`, or is too long ago. */
export function requireBirth(digits: string, { today, minYear, field }: IdOptions): void {
  const birth = { year: part(digits, 0, 4), month: part(digits, 4, 6), day: part(digits, 6, 8) };
  if (!isCalendarDate(birth)) refuse('calendar-date', field);
  const now = compact(today);
  if (digits > now) refuse('future-birth', field);
  const tooOld = minYear === undefined ? ageInYears(digits, now) > OLDEST_AGE : birth.year < minYear;
  if (tooOld) refuse('too-old', field);
}

function ageInYears(birth: string, now: string): number {
  const birthdayStillToCome = now.slice(4) < birth.slice(4) ? 1 : 0;
  return part(now, 0, 4) - part(birth, 0, 4) - birthdayStillToCome;
}

function isCalendarDate({ year, month, day }: { year: number; month: number; day: number }): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** A wrong `today` is our own mistake, not the asker's. */
function compact(today: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today)) throw new RangeError('today must be YYYY-MM-DD');
  return today.replaceAll('-', '');
}

function part(digits: string, from: number, to: number): number {
  return Number(digits.slice(from, to));
}
