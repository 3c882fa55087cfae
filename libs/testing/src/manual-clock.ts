/** A clock that stands still until a spec moves it. Called, it gives milliseconds since the epoch, as `Date.now` does. */
export interface ManualClock {
  (): number;
  now(): number;
  advance(milliseconds: number): void;
  set(at: number | string): void;
}

/** @param start ISO time or milliseconds; default 2026-03-02T01:00:00Z, a Monday morning in Asia/Shanghai */
export function manualClock(start: number | string = '2026-03-02T01:00:00.000Z'): ManualClock {
  let at = instant(start);
  const now = () => at;
  return Object.assign(() => at, {
    now,
    advance: (milliseconds: number) => {
      at += milliseconds;
    },
    set: (to: number | string) => {
      at = instant(to);
    },
  });
}

function instant(time: number | string): number {
  const at = new Date(time).getTime();
  if (Number.isNaN(at)) throw new Error('not a time');
  return at;
}
