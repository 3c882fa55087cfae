import { mirrored } from './mirrored.js';
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

const PATIENCE_MS = 5_000;

/** Asks the monitor over HTTP, as the province's officers do, once it has mirrored what every log holds now. */
export async function countVolumes(doors: ProvinceDoors): Promise<Counted> {
  await mirrored(doors, PATIENCE_MS);
  const { rows } = await askMonitor<{ rows: VolumeLine[] }>(
    doors,
    '/v1/volumes?unit=day&by=requester,provider,query,outcome',
  );
  return { volumes: rows, reconciliation: await askMonitor<Reconciliation>(doors, '/v1/reconciliation') };
}
