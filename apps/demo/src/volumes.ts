import { setTimeout as sleep } from 'node:timers/promises';
import { notMirrored, type Behind } from './mirrored.js';
import { askMonitor, type ProvinceDoors } from './province/doors.js';

/** What two agencies exchanged under one query, as the monitor counts it from the logs. */
export interface VolumeLine {
  requester: string;
  provider: string;
  query: string;
  outcome: string;
  exchanges: number;
  subjects: number;
  disclosures: number;
  rows: number;
  heldBack: number;
}

/** How intents, disclosures and outcomes match; `difference` is 0 when all is well. */
export interface Reconciliation {
  at: string;
  exchanges: number;
  settled: number;
  pending: number;
  difference: number;
}

export interface Counted {
  volumes: VolumeLine[];
  reconciliation: Reconciliation;
}

const PATIENCE_MS = 30_000;
/** A log's server shows the newest checkpoint a moment after the writer signed it, and what it shows is what is waited for. */
const SHOWN_MS = 1_000;

/**
 * Asks the monitor over HTTP, as the province's officers do, once it has mirrored what every log holds now.
 * @throws Error naming the logs that it has not mirrored in time: what it counts without them would look whole
 */
export async function countVolumes(doors: ProvinceDoors, patienceMs = PATIENCE_MS): Promise<Counted> {
  await sleep(SHOWN_MS);
  const behind = await notMirrored(doors, patienceMs);
  if (behind.length > 0) throw new Error(`监测尚未镜像完：${behind.map(textOf).join('；')}`);
  const { rows } = await askMonitor<{ rows: VolumeLine[] }>(
    doors,
    '/v1/volumes?unit=day&by=requester,provider,query,outcome',
  );
  return { volumes: rows, reconciliation: await askMonitor<Reconciliation>(doors, '/v1/reconciliation') };
}

function textOf({ origin, held, size }: Behind): string {
  return `${origin} 只有 ${held} 条（共 ${size} 条）`;
}
