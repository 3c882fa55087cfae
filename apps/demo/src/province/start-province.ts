import { startFundAdapter } from '#apps/adapter-fund';
import { startHousingAdapter } from '#apps/adapter-housing';
import { startHrssAdapter } from '#apps/adapter-hrss';
import { startGateway, type RunningGateway } from '#apps/gateway';
import { type AdapterOptions, type RunningAdapter } from '#adapter';
import { loadContracts, type Agency, type Contracts } from '#contracts';
import { InProcessBus, messageHeaders, provinceTopics, topics, type Broker } from '#messaging';
import { type NodeSettings, type NodeSurroundings } from '#node';
import { createLogger, type Logger } from '#observability';
import { openDatabases, type ProvinceDatabases } from './databases.js';
import { prepareKeys, type ProvinceKeys } from './keys.js';
import { PROVINCE } from './province-agency.js';
import { publishAll } from './publish-schemes.js';
import { auditMigrations, watchProvince, type Watching } from './watch-province.js';

export interface ProvinceOptions {
  /** Where everything is kept: databases, keys, edge files. */
  dir: string;
  /** Synthetic people; the sample persons are among them. */
  persons: number;
  seed: number;
  /** PostgreSQL settings; default durable. */
  settings?: Readonly<Record<string, string>>;
  logger?: Logger;
  clock?: () => number;
  /** Keeps all bytes ever published, for tests that look for what must not be there. */
  busHistory?: boolean;
}

/** A whole province in one process: every agency with its own node, its own database and its own system behind it. */
export interface Province {
  contracts: Contracts;
  keys: ProvinceKeys;
  databases: ProvinceDatabases;
  bus: InProcessBus;
  gateways: ReadonlyMap<string, RunningGateway>;
  adapters: ReadonlyMap<string, RunningAdapter>;
  watching: Watching;
  close(): Promise<void>;
}

type StartAdapter = (
  options: Omit<AdapterOptions, 'handlers'> & { sourceUrl: string },
) => Promise<RunningAdapter>;

const ADAPTERS: Readonly<Record<string, StartAdapter>> = {
  housing: startHousingAdapter,
  hrss: startHrssAdapter,
  fund: startFundAdapter,
};

/** Opens everything, or nothing: what is open already is closed again when a later part cannot be opened. */
export async function startProvince(options: ProvinceOptions): Promise<Province> {
  const { dir, seed, persons, settings = {}, clock = Date.now } = options;
  const contracts = loadContracts();
  const agencies = [...contracts.agencies.values()];
  const keys = prepareKeys(dir, agencies, PROVINCE, clock());
  const databases = await openDatabases(dir, agencies, settings, { seed, persons });
  const running: Running = { gateways: new Map(), adapters: new Map() };
  try {
    const rest = await startNodes(options, agencies, { contracts, keys, databases }, running);
    const close = (): Promise<void> => closeAll(running, databases);
    return { contracts, keys, databases, ...running, ...rest, close };
  } catch (error) {
    await closeAll(running, databases);
    throw error;
  }
}

/** What has been started so far. */
interface Running {
  gateways: Map<string, RunningGateway>;
  adapters: Map<string, RunningAdapter>;
  bus?: InProcessBus;
  watching?: Watching;
}

async function startNodes(
  { logger = createLogger('error'), clock = Date.now, busHistory = false }: ProvinceOptions,
  agencies: readonly Agency[],
  { contracts, keys, databases }: Pick<Province, 'contracts' | 'keys' | 'databases'>,
  running: Running,
): Promise<Pick<Province, 'bus' | 'watching'>> {
  const { gateways, adapters } = running;
  const bus = (running.bus = await openBus(agencies, keys, busHistory));
  const surroundings: NodeSurroundings = { contracts, broker: bus, logger, clock };
  const settingsOf = (agency: string): Omit<NodeSettings, 'role'> => ({
    agency,
    ordinal: 0,
    databaseUrl: databases.nodeUrl(agency),
    dir: keys.dirOf(agency),
    registryKey: keys.registryKey,
    registryNote: keys.registryNote,
    monitor: PROVINCE,
    synthetic: 'accept',
  });
  for (const { id, class: kind, provides } of agencies.filter(({ id }) => id !== PROVINCE)) {
    const common = { ...surroundings, settings: settingsOf(id) };
    const http = { host: '127.0.0.1', port: 0 };
    gateways.set(id, await startGateway({ ...common, http, migrations: auditMigrations }));
    if (provides.length > 0)
      adapters.set(id, await ADAPTERS[kind]!({ ...common, sourceUrl: databases.sourceUrl(id) }));
  }
  const watching = await watchProvince(surroundings, settingsOf(PROVINCE), gateways);
  running.watching = watching;
  await publishAll({ contracts, keys, gateways, clock });
  return { bus, watching };
}

/** Who asks ends first, so that nobody waits for an answer of one who is gone. */
async function closeAll(
  { gateways, adapters, bus, watching }: Running,
  databases: ProvinceDatabases,
): Promise<void> {
  await watching?.close();
  for (const gateway of gateways.values()) await gateway.close();
  for (const adapter of adapters.values()) await adapter.close();
  await bus?.close();
  await databases.close();
}

async function openBus(
  agencies: readonly Agency[],
  keys: ProvinceKeys,
  history: boolean,
): Promise<InProcessBus> {
  const bus = new InProcessBus({ history });
  await bus.createTopics(
    provinceTopics({
      providers: agencies.filter(({ provides }) => provides.length > 0).map(({ id }) => id),
      requesters: agencies.map(({ id }) => id),
    }),
  );
  await publishRegistry(bus, keys.registryNote);
  return bus;
}

async function publishRegistry(broker: Broker, note: string): Promise<void> {
  const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
  await broker.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
}
