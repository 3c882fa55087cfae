import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { type Cluster } from './cluster.js';

/** A killed program's guard needs a moment to see that it is gone; a server that still takes connections then is in use. */
const IN_USE_MS = 2_000;
/** Longest that the guard lets a server take for stopping, and a little. */
const STOPPING_MS = 35_000;
const POLL_MS = 50;

/** What postmaster.pid says of a server that is alive (lines as pg_ctl reads them). */
export interface LiveServer {
  pid: number;
  port: number;
  status: string;
}

export async function liveServer(cluster: Cluster): Promise<LiveServer | undefined> {
  const file = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port, , , , status = ''] = file.split('\n');
  return isAlive(Number(pid)) ? { pid: Number(pid), port: Number(port), status: status.trim() } : undefined;
}

/**
 * Waits for the server of a run that was killed: its guard is stopping it. Two servers on one directory are never tried.
 *
 * @throws Problem `database-unavailable` when another run uses the directory
 */
export async function untilVacant(cluster: Cluster): Promise<void> {
  const begun = Date.now();
  for (let live = await liveServer(cluster); live; live = await liveServer(cluster)) {
    const patience = live.status === 'stopping' ? STOPPING_MS : IN_USE_MS;
    if (Date.now() - begun > patience) {
      throw new Problem('database-unavailable', {
        detail: `another run is using this data directory (its PostgreSQL is process ${live.pid}): end it, or choose another directory`,
      });
    }
    await sleep(POLL_MS);
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
