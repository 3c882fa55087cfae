import { setTimeout as sleep } from 'node:timers/promises';

/** Whether `work` resolves within `ms` milliseconds. Errors: those of `work`. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(ms, false, { signal: stop.signal }).catch(() => false);
  const done = work.then(() => true);
  return Promise.race([done, late]).finally(() => stop.abort());
}
