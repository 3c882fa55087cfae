import { signRequest } from '#identity';
import { PROVINCE } from './province/province-agency.js';
import { type Province } from './province/start-province.js';

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
export async function countVolumes(province: Province): Promise<Counted> {
  await mirrored(province, PATIENCE_MS);
  const { rows } = await read<{ rows: VolumeLine[] }>(
    province,
    '/v1/volumes?unit=day&by=requester,provider,query,outcome',
  );
  return { volumes: rows, reconciliation: await read<Reconciliation>(province, '/v1/reconciliation') };
}

/** Waits until the monitor holds all that every log holds now; false when that took longer than `patienceMs`. */
export async function mirrored(province: Province, patienceMs: number): Promise<boolean> {
  const sizes = logSizes(province);
  for (const started = Date.now(); Date.now() - started < patienceMs;) {
    if (isMirrored(sizes, await logs(province))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function logSizes({ gateways, adapters }: Province): Map<string, number> {
  const nodes = [...gateways.values(), ...adapters.values()].map(({ node }) => node);
  return new Map(nodes.map(({ origin, log }) => [origin, log.health().size]));
}

interface MirroredLog {
  origin: string;
  size: number;
}

async function logs(province: Province): Promise<MirroredLog[]> {
  return (await read<{ logs: MirroredLog[] }>(province, '/v1/logs')).logs;
}

function isMirrored(sizes: Map<string, number>, mirrored: readonly MirroredLog[]): boolean {
  const held = new Map(mirrored.map(({ origin, size }) => [origin, size]));
  return [...sizes].every(([origin, size]) => (held.get(origin) ?? 0) >= size);
}

async function read<T>({ watching, keys }: Province, path: string): Promise<T> {
  const { id: keyId, privateKey } = keys.stores.get(PROVINCE)!.current('http-signature', Date.now())!;
  const url = watching.monitor.url + path;
  const response = await fetch(url, {
    headers: signRequest({ method: 'GET', url, keyId, privateKey, now: Date.now() }),
  });
  if (!response.ok) throw new Error(`the monitor answered ${response.status} to ${path}`);
  return (await response.json()) as T;
}
