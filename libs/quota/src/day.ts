const DAY = 86_400_000;
/** China has had no summer time since 1991: a fixed offset is its calendar. */
const SHANGHAI = 8 * 3_600_000;

/** The quota day that an instant lies in: the date in Asia/Shanghai, `YYYY-MM-DD`. */
export function dayOf(at: number): string {
  return new Date(at + SHANGHAI).toISOString().slice(0, 10);
}

/** Whole seconds until the next quota day begins, at least 1. */
export function secondsToNextDay(at: number): number {
  return Math.ceil((DAY - ((at + SHANGHAI) % DAY)) / 1000);
}
