import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { projectRoot } from '#config';
import { openPool } from '#database';
import { openKafkaBroker, type KafkaBroker } from '#messaging';
import { useApart, type TestApart } from '../support/apart.js';
import { settled, type Verdict } from '../support/history.js';
import { type Asked } from '../support/load.js';
import { Proxy } from '../support/proxy.js';

/** Who asks, whom it goes badly with, and whom it must not touch. */
export const [ASKER, PROVIDER, OTHER] = ['housing-990100', 'hrss-990000', 'fund-990100'] as const;

/** The province of a spec, and what can be done to it. */
export interface Scene {
  province: () => TestApart;
  /** The way to the provider's own system. */
  source: () => Proxy;
  /** What a process is told instead at its next start, by its name. */
  told: Map<string, Record<string, string>>;
}

export function useScene(): Scene {
  let source: Proxy;
  let url: URL | undefined;
  const told: Scene['told'] = new Map();
  beforeAll(async () => {
    source = await Proxy.open(() => ({ host: url!.hostname, port: Number(url!.port) }));
  });
  const province = useApart({
    agencies: [ASKER, PROVIDER, OTHER],
    instancesOf: ({ id }) => ({ gateways: id === ASKER ? 2 : 1, adapters: id === PROVIDER ? 3 : 1 }),
    adjust: ({ agency, role, name }, env) => {
      const own = { ...env, ...told.get(name) };
      if (agency !== PROVIDER || role !== 'adapter') return own;
      url = new URL(env['ADAPTER_SOURCE_URL']!);
      return { ...own, ADAPTER_SOURCE_URL: source.urlOf(url.href) };
    },
  });
  afterAll(() => source.close());
  return { province, source: () => source, told };
}

/** What earlier tests of this file lost: theirs to answer for. What comes late after all is acknowledged, and lost no more. */
let lost: readonly string[] = [];

/** The logs, the monitor and the history bear each other out, and the totals reconcile to 0. */
export async function expectSettled(province: TestApart, history: readonly Asked[]): Promise<Verdict> {
  const verdict = await settled(province, history, lost);
  const before = lost;
  lost = verdict.unacknowledged;
  const fresh = lost.filter((exchange) => !before.includes(exchange));
  expect({ faults: verdict.faults, unacknowledged: fresh }).toEqual({ faults: [], unacknowledged: [] });
  return verdict;
}

/** Environment of a process whose wall clock is wrong. */
export function skewed(ms: number): Record<string, string> {
  const clock = pathToFileURL(join(projectRoot(), 'test', 'support', 'skewed-clock.mjs'));
  return { NODE_OPTIONS: `--import=${clock.href}`, CLOCK_SKEW_MS: String(ms) };
}

/** Stops a process and starts it with another environment; resolves when it is ready. */
export async function restart(
  { province, told }: Scene,
  name: string,
  env: Record<string, string> = {},
): Promise<void> {
  await province().child(name).stop();
  told.set(name, env);
  await province().start(name);
}

/** What the broker's operator does, who may do anything but has no agency's keys. */
export async function asOperator<T>(
  { kafka }: TestApart,
  work: (broker: KafkaBroker) => Promise<T>,
): Promise<T> {
  const { bootstrap: brokers, ca, users } = kafka;
  const broker = await openKafkaBroker({
    ...{ brokers, agency: 'operator', clientId: 'operator', report: () => undefined },
    ...(ca !== undefined && { ssl: { ca } }),
    ...(users && { sasl: { username: 'admin', password: users['admin']! } }),
  });
  try {
    return await work(broker);
  } finally {
    await broker.close();
  }
}

/** Rows of an agency's node, as its database's superuser. */
export async function inDatabase<T extends object>(
  { databases }: TestApart,
  agency: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const name = new URL(databases.nodeUrl(agency)).pathname.slice(1);
  const pool = openPool({ url: databases.postgres.url(name), name: 'faults' });
  try {
    return (await pool.query<T>(sql, [...values])).rows;
  } finally {
    await pool.end();
  }
}

/** The log of the adapter that has taken a question up and not answered it. */
export async function claimant(province: TestApart): Promise<string> {
  const open = `select origin from answered_exchange c join log_head h using (origin) where c.fence = h.fence
    and not exists (select from log_entry e where e.exchange = c.exchange and e.kind = 'disclosure')`;
  return eventually(async () => {
    const rows = await inDatabase<{ origin: string }>(province, PROVIDER, open);
    return rows[0]?.origin;
  });
}

/** The first value that is there. @throws Error after `ms` */
export async function eventually<T>(look: () => Promise<T | undefined>, ms = 30_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${ms} ms: ${look.toString()}`);
}
