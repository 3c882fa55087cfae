import { startGateway, type RunningGateway } from '#apps/gateway';
import { type RunningAdapter } from '#adapter';
import { loadContracts, type Agency } from '#contracts';
import { InProcessBus, messageHeaders, provinceTopics, topics, type Broker } from '#messaging';
import { type NodeSettings, type NodeSurroundings } from '#node';
import { createLogger, type Logger } from '#observability';
import { openDatabases, type ProvinceDatabases } from './databases.js';
import { type ProvinceDoors } from './doors.js';
import { prepareKeys, type ProvinceKeys } from './keys.js';
import { PROVINCE } from './province-agency.js';
import { publishAll } from './publish-schemes.js';
import { systemOf } from './systems.js';
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
  /** How often a gateway sends an unanswered question again, milliseconds; default 2,000. */
  retryMs?: number;
  /** Keeps all bytes ever published, for tests that look for what must not be there. */
  busHistory?: boolean;
}

/**
 * A whole province in one process: every agency with its own node, its own database and its own system behind it. Who asks
 * needs its doors only; the rest is for tests that look inside.
 */
export interface Province extends ProvinceDoors {
  databases: ProvinceDatabases;
  bus: InProcessBus;
  gateways: ReadonlyMap<string, RunningGateway>;
  adapters: ReadonlyMap<string, RunningAdapter>;
  watching: Watching;
  close(): Promise<void>;
}

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
    return { contracts, keys, databases, ...running, ...rest, ...doorsOf(rest.watching, running), close };
  } catch (error) {
    await closeAll(running, databases);
    throw error;
  }
}

function doorsOf(
  { audits, monitor }: Watching,
  { gateways }: Running,
): Pick<ProvinceDoors, 'gatewaysOf' | 'auditOf' | 'monitorUrl'> {
  return {
    gatewaysOf: (agency) => urlsOf(gateways, agency),
    auditOf: (agency) => audits.get(agency)?.url,
    monitorUrl: monitor.url,
  };
}

function urlsOf(gateways: ReadonlyMap<string, RunningGateway>, agency: string): string[] {
  const gateway = gateways.get(agency);
  return gateway ? [gateway.url] : [];
}

/** What has been started so far. */
interface Running {
  gateways: Map<string, RunningGateway>;
  adapters: Map<string, RunningAdapter>;
  bus?: InProcessBus;
  watching?: Watching;
}

async function startNodes(
  { logger = createLogger('error'), clock = Date.now, busHistory = false, retryMs }: ProvinceOptions,
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
  for (const agency of agencies.filter(({ id }) => id !== PROVINCE)) {
    const { id } = agency;
    const common = { ...surroundings, settings: settingsOf(id) };
    const http = { host: '127.0.0.1', port: 0 };
    const asking = { http, migrations: auditMigrations, ...(retryMs !== undefined && { retryMs }) };
    gateways.set(id, await startGateway({ ...common, ...asking }));
    const system = systemOf(agency);
    if (system) adapters.set(id, await system.start({ ...common, sourceUrl: databases.sourceUrl(id) }));
  }
  const watching = await watchProvince(surroundings, settingsOf(PROVINCE), gateways);
  running.watching = watching;
  await publishAll({ contracts, keys, clock, gatewaysOf: (agency) => urlsOf(gateways, agency) });
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
