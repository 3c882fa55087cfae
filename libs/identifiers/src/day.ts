/** China has had no summer time since 1991: a fixed offset is its calendar. */
const SHANGHAI_MS = 8 * 3_600_000;

/** The day in China (Asia/Shanghai) that an instant lies in, `YYYY-MM-DD`. @param at milliseconds since the epoch */
export function shanghaiDay(at: number): string {
  return new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
}
