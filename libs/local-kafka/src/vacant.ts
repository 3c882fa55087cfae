import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';

/** Longest that the guard of a run that was killed takes to stop its brokers, and a little. */
const STOPPING_MS = 12_000;
const POLL_MS = 50;

/**
 * Waits for the guard of a former run to end.
 *
 * @param pidFile the guard's
 * @throws Problem `transport-unavailable` when another run uses the folder
 */
export async function untilVacant(pidFile: string): Promise<void> {
  for (const deadline = Date.now() + STOPPING_MS; ; await sleep(POLL_MS)) {
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
    if (!isAlive(pid)) return;
    if (Date.now() > deadline) {
      throw new Problem('transport-unavailable', {
        detail: `another run is using this data folder (its guard is process ${pid}): end it, or choose another folder`,
      });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
