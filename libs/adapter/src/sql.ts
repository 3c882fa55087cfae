/** Today where the agencies are: a registration ends with the day there, not with that of the server's zone. */
export const TODAY = `(now() at time zone 'Asia/Shanghai')::date`;

/** A date as the contracts write it, whatever the session's DateStyle. */
export function dateText(sql: string): string {
  return `to_char(${sql}, 'YYYY-MM-DD')`;
}

/** Milliseconds since the epoch as the day that it was there. */
export function dayOfMs(sql: string): string {
  return `(to_timestamp(${sql} / 1000.0) at time zone 'Asia/Shanghai')::date`;
}
