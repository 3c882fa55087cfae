import { join } from 'node:path';
import { loadContracts, type Agency } from '#contracts';
import { openKafka, type LocalKafka } from '#local-kafka';
import { openDatabases, type ProvinceDatabases } from '../province/databases.js';
import { type ProvinceDoors } from '../province/doors.js';
import { type Instances } from '../province/instances.js';
import { prepareKeys } from '../province/keys.js';
import { PROVINCE } from '../province/province-agency.js';
import { publishAll } from '../province/publish-schemes.js';
import { instancesApart } from '../province/systems.js';
import { type Child } from './child.js';
import { environmentOf, type Surroundings } from './environment.js';
import { Addresses } from './addresses.js';
import { planProcesses, type Planned } from './plan.js';
import { prepareBroker } from './prepare-broker.js';
import { Processes } from './processes.js';

export interface ApartOptions {
  /** Where everything is kept: databases, the broker's data, keys, edge files, what the processes write. */
  dir: string;
  persons: number;
  seed: number;
  /** Brokers of the cluster; default 1. */
  brokers?: 1 | 3;
  /** SASL_SSL and an account for each agency; default true. */
  secure?: boolean;
  /** PostgreSQL settings; default durable. */
  settings?: Readonly<Record<string, string>>;
  /** Which of the agencies run; default all. */
  agencies?: readonly string[];
  instancesOf?: (agency: Agency) => Instances;
  /** Aborted while it starts, it starts no more processes and rejects when what it has opened is closed. */
  signal?: AbortSignal;
  /** More variables for every process. */
  env?: Readonly<Record<string, string>>;
  /** What one process is told instead, asked at each of its starts: for who puts something in its way. */
  adjust?: (planned: Planned, env: Readonly<Record<string, string>>) => Record<string, string>;
}

/** A province whose every process runs for itself and meets the others on a real broker. */
export interface ApartProvince extends ProvinceDoors {
  databases: ProvinceDatabases;
  kafka: LocalKafka;
  planned: readonly Planned[];
  /** A running process, by name. @throws Error when none of that name runs */
  child(name: string): Child;
  /** Starts a process that was stopped or killed, where it was. */
  start(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens everything, or nothing: what is open already is closed again when a later part cannot be opened. */
export async function startApart(options: ApartOptions): Promise<ApartProvince> {
  await using opened = new AsyncDisposableStack();
  const contracts = loadContracts();
  const all = [...contracts.agencies.values()];
  const agencies = all.filter(({ id }) => runs(options, id));
  const { dir, brokers = 1, instancesOf = instancesApart } = options;
  const keys = prepareKeys(dir, all, PROVINCE, Date.now(), instancesOf);
  const { databases, kafka } = await openServers(options, agencies, opened);
  await prepareBroker(kafka, agencies, brokers, keys.registryNote);
  const planned = planProcesses(agencies, instancesOf);
  const addresses = await Addresses.of(planned);
  const around: Surroundings = { keys, databases, kafka, addresses };
  const environment = (process: Planned) => {
    const env = { ...environmentOf(process, around), ...options.env };
    return options.adjust?.(process, env) ?? env;
  };
  const processes = new Processes(dir, planned, environment);
  opened.defer(() => processes.stopAll());
  await processes.startAll(options.signal);
  const doors: ProvinceDoors = {
    ...{ contracts, keys },
    gatewaysOf: (agency) => addresses.of(agency, 'gateway'),
    auditOf: (agency) => addresses.of(agency, 'audit')[0],
    monitorUrl: addresses.of(PROVINCE, 'monitor')[0]!,
  };
  await publishAll({ ...doors, clock: Date.now });
  const everything = opened.move();
  return {
    ...doors,
    ...{ databases, kafka, planned },
    child: (name) => processes.child(name),
    start: (name) => processes.start(name),
    close: () => everything.disposeAsync(),
  };
}

/** What all nodes need and none of them owns, at the same time. */
async function openServers(
  { dir, brokers = 1, secure = true, settings = {}, seed, persons }: ApartOptions,
  agencies: readonly Agency[],
  opened: AsyncDisposableStack,
): Promise<{ databases: ProvinceDatabases; kafka: LocalKafka }> {
  const users = agencies.map(({ id }) => id);
  const opening = [
    openDatabases(dir, agencies, settings, { seed, persons }),
    openKafka({ dir: join(dir, 'kafka'), brokers, secure: secure && { users } }),
  ] as const;
  for (const one of opening) opened.defer(() => one.then((server) => server.close(), () => undefined)); // prettier-ignore
  const [databases, kafka] = await Promise.all(opening);
  return { databases, kafka };
}

function runs({ agencies }: ApartOptions, id: string): boolean {
  return id === PROVINCE || agencies === undefined || agencies.includes(id);
}
