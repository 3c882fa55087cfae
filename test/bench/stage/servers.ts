import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { loadContracts, type Contracts } from '#contracts';
import { openKafka, type LocalKafka } from '#local-kafka';
import { openDatabases, type ProvinceDatabases } from '../../../apps/demo/src/province/databases.js';
import { kafkaOf } from '../baselines/kafka.js';
import { treeCpuSeconds } from './proc-stat.js';
import { type Prop } from './stage.js';

/** Who takes part: one asks, two answer. */
export const REQUESTER = 'housing-990100';
export const PROVIDER = 'hrss-990000';
export const HUNG_PROVIDER = 'fund-990100';

const PEOPLE = { seed: 1, persons: 20_000 };

/** What ours and the baselines stand on: one broker, one PostgreSQL with fsync on, the same people. */
export interface Servers {
  contracts: Contracts;
  databases: ProvinceDatabases;
  kafka: LocalKafka;
  brokers: string[];
  /** CPU seconds of both servers so far. */
  cpu(): number;
}

export const servers: Prop<Servers> = {
  name: 'PostgreSQL and Kafka',
  open: async ({ dir }) => {
    const contracts = loadContracts();
    const agencies = [REQUESTER, PROVIDER, HUNG_PROVIDER].map((id) => contracts.agencies.get(id)!);
    const databases = await openDatabases(dir, agencies, {}, PEOPLE);
    try {
      const kafka = await openKafka({ dir: join(dir, 'kafka'), ephemeral: true });
      await Promise.all([warmUpGroups([...kafka.bootstrap]), analyze(databases)]);
      const cpu = (): number => treeCpuSeconds(databases.postgres.pid) + treeCpuSeconds(kafka.pid(1)!);
      return { contracts, databases, kafka, brokers: [...kafka.bootstrap], cpu };
    } catch (error) {
      await databases.close();
      throw error;
    }
  },
  close: async ({ kafka, databases }) => {
    await kafka.close();
    await databases.close();
  },
};

/** The planner knows the tables as it would after a day in service; when the server would get to it by itself is chance. */
async function analyze(databases: ProvinceDatabases): Promise<void> {
  for (const agency of [PROVIDER, HUNG_PROVIDER]) {
    const client = new pg.Client({ connectionString: databases.sourceUrl(agency) });
    await client.connect();
    await client.query('vacuum analyze').finally(() => client.end());
  }
}

/** The first group on a fresh broker meets a coordinator that is still loading; that is nobody's figure. */
async function warmUpGroups(brokers: string[]): Promise<void> {
  const admin = kafkaOf(brokers, 'bench-warm-up').admin();
  await admin.connect();
  try {
    for (let n = 0; n < GROUPS; n++)
      await untilAnswered(() => admin.fetchOffsets({ groupId: `bench.warm-up.${n}` }));
  } finally {
    await admin.disconnect();
  }
}

/** So many that some are kept in each partition of the broker's own topic. */
const GROUPS = 16;
const ATTEMPTS = 60;

async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(500);
    }
  }
}
