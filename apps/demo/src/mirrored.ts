import { setTimeout as sleep } from 'node:timers/promises';
import { trustRegistry, verifiersFor } from '#client';
import { openCheckpoint } from '#evidence';
import { askMonitor, registryOf, type ProvinceDoors } from './province/doors.js';

const EVERY_MS = 50;

interface MirroredLog {
  origin: string;
  size: number;
}

/** A log of which the monitor holds less than it has. */
export interface Behind {
  origin: string;
  held: number;
  size: number;
}

/** Waits until the monitor holds all that every registered log holds now; false when that took longer than `patienceMs`. */
export async function mirrored(doors: ProvinceDoors, patienceMs: number): Promise<boolean> {
  return (await notMirrored(doors, patienceMs)).length === 0;
}

/** The same, and says which logs it still was behind when that took longer. */
export async function notMirrored(doors: ProvinceDoors, patienceMs: number): Promise<Behind[]> {
  const sizes = await logSizes(doors);
  for (const started = Date.now(); ; await sleep(EVERY_MS)) {
    const { logs } = await askMonitor<{ logs: MirroredLog[] }>(doors, '/v1/logs');
    const held = new Map(logs.map(({ origin, size }) => [origin, size]));
    const behind = sizes
      .map(({ origin, size }) => ({ origin, held: held.get(origin) ?? 0, size }))
      .filter((log) => log.held < log.size);
    if (behind.length === 0 || Date.now() - started >= patienceMs) return behind;
  }
}

/**
 * What each log's newest signed checkpoint says, as its node serves it to anybody. A log that nothing was written to has
 * none; a registered agency that does not run serves none.
 */
async function logSizes(doors: ProvinceDoors): Promise<MirroredLog[]> {
  const trust = trustRegistry(registryOf(doors));
  return Promise.all(
    servedLogs(doors).map(async ({ origin, url }) => {
      const response = await fetch(url);
      if (response.status === 404) return { origin, size: 0 };
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      const note = await response.text();
      const { origin: said, size } = openCheckpoint(note, verifiersFor(trust, note));
      if (said !== origin) throw new Error(`${url} served the checkpoint of another log`);
      return { origin, size };
    }),
  );
}

/** Where the checkpoint of each registered log is served. */
export function servedLogs(
  doors: Pick<ProvinceDoors, 'auditOf' | 'keys'>,
): { origin: string; url: string }[] {
  const registry = registryOf(doors);
  return registry.origins.flatMap((origin) => {
    const audit = doors.auditOf(registry.logOwner(origin)!);
    return audit === undefined ? [] : [{ origin, url: `${audit}/logs/${origin}/checkpoint` }];
  });
}
