import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApart, type ApartProvince } from '#apps/demo';
import { startEmbeddedPostgres } from '#database';
import { Proxy } from '../support/proxy.js';

const PERSONS = 200;
/** Processes are killed, never the machine: PostgreSQL commits and does not sync. */
const SETTINGS = { fsync: 'off', max_connections: '300' };

/** A province apart on which faults can be worked. */
export interface Stage {
  province: ApartProvince;
  /** The way to each provider's own system, by agency. */
  sources: ReadonlyMap<string, Proxy>;
  /** Stops PostgreSQL as a crash would, and starts it where it was once `meanwhile` is over. */
  restartPostgres: (meanwhile: () => Promise<unknown>) => Promise<void>;
  close(): Promise<void>;
}

/** Starts the province whose questions the load asks, in a temporary directory that goes when it closes. */
export async function openStage(seed: number, signal: AbortSignal): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-soak-'));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  await chmod(dir, 0o711); // PostgreSQL may run as another user
  const targets = new Map<string, URL>();
  const sources = new Map<string, Proxy>();
  for (const agency of ['hrss-990000', 'fund-990100', 'housing-990000']) {
    const target = () => ({ host: targets.get(agency)!.hostname, port: Number(targets.get(agency)!.port) });
    const proxy = await Proxy.open(target);
    opened.defer(() => proxy.close());
    sources.set(agency, proxy);
  }
  const province = await startApart({
    ...{ dir, signal, seed, persons: PERSONS, settings: SETTINGS, secure: false },
    agencies: ['housing-990100', ...sources.keys()],
    adjust: ({ agency }, env) => {
      const url = env['ADAPTER_SOURCE_URL'];
      if (url === undefined) return { ...env };
      targets.set(agency, new URL(url));
      return { ...env, ADAPTER_SOURCE_URL: sources.get(agency)!.urlOf(url) };
    },
  });
  let { postgres } = province.databases;
  opened.defer(() => postgres.stop());
  opened.defer(() => province.close());
  const restartPostgres: Stage['restartPostgres'] = async (meanwhile) => {
    const { port } = postgres;
    await postgres.stop('immediate');
    await meanwhile();
    postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), port, settings: SETTINGS });
  };
  const all = opened.move();
  return { province, sources, restartPostgres, close: () => all.disposeAsync() };
}
