import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { startProvince, type Province, type ProvinceOptions } from '#apps/demo';
import { createLogger } from '#observability';
import { KeyStore } from '#registry';
import { noteVerifier, type NoteVerifier } from '#tlog';

/** A running province as seen from outside its process: where it is reached, and where it keeps what it knows. */
export interface Surface {
  dir: string;
  /** Agency to the base URL of its gateway. */
  urls: ReadonlyMap<string, string>;
  /** Agency to its node's database. */
  databaseUrls: ReadonlyMap<string, string>;
}

/**
 * What is killed here is processes, and the operating system goes on: what PostgreSQL has written is there whether it was
 * synced or not, so syncing would only cost time. `synchronous_commit`, on which it depends that it was written, stays on.
 */
export const SETTINGS = { fsync: 'off' };

/** The logs that a province's exchanges are recorded in: every agency asks, some answer. */
export const LOGS = [
  'housing-990100/gateway/0',
  'housing-990000/gateway/0',
  'housing-990000/adapter/0',
  'hrss-990000/gateway/0',
  'hrss-990000/adapter/0',
  'fund-990100/gateway/0',
] as const;

export function agencyOf(origin: string): string {
  return origin.slice(0, origin.indexOf('/'));
}

/** The keys of one agency's node, as they lie in the province's directory. */
export function keysOf({ dir }: Pick<Surface, 'dir'>, agency: string): KeyStore {
  return new KeyStore(join(dir, 'nodes', agency), agency);
}

export function verifierOf(surface: Pick<Surface, 'dir'>, origin: string): NoteVerifier {
  const { publicKey } = keysOf(surface, agencyOf(origin)).logKey(origin, Date.now());
  return noteVerifier(origin, Buffer.from(publicKey, 'base64url'));
}

/** A province of this process on a directory that survives it; fsync is on. */
export async function openProvince(
  dir: string,
  options: Partial<ProvinceOptions> = {},
): Promise<{ province: Province; surface: Surface }> {
  const logger = createLogger('error', { write: () => undefined });
  const province = await startProvince({
    ...{ dir, persons: 60, seed: 7, logger, settings: SETTINGS },
    ...options,
  });
  const agencies = [...province.gateways.keys()];
  const surface: Surface = {
    dir,
    urls: new Map([...province.gateways].map(([agency, { url }]) => [agency, url])),
    databaseUrls: new Map(agencies.map((agency) => [agency, province.databases.nodeUrl(agency)])),
  };
  return { province, surface };
}

/** A directory for the provinces of one spec file. Afterwards `end` runs, and the directory is removed. */
export function useDirectory(end: () => Promise<void> | undefined = () => undefined): () => string {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-crash-'));
    await chmod(dir, 0o711); // PostgreSQL may run as another user
  });
  afterAll(async () => {
    await end();
    await rm(dir, { recursive: true, force: true });
  });
  return () => dir;
}
