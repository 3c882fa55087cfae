import { type Agency, type Contracts } from '#contracts';
import { openDatabase, type Database, type Migration } from '#database';
import { SecurityLog, evidenceMigrations } from '#evidence';
import { Opener } from '#envelope';
import { type Broker } from '#messaging';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { KeyStore, type RegistryHolder } from '#registry';
import { parseVerifierKey } from '#tlog';
import { careForKeys } from './key-care.js';
import { type NodeSettings } from './node-settings.js';
import { nodeMigrations } from './migrations.js';
import { RegistryCopy } from './registry-copy.js';
import { checkSecrets } from './secret-checks.js';
import { tracedBroker } from './traced-broker.js';

export interface NodeSurroundings {
  contracts: Contracts;
  broker: Broker;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Tables that this process has besides the node's own. */
  migrations?: readonly Migration[];
}

/** What every process of an agency's node has, also one that writes no log: the monitor, an audit server. */
export interface Observer {
  settings: NodeSettings;
  agency: Agency;
  contracts: Contracts;
  broker: Broker;
  logger: Logger;
  clock: () => number;
  database: Database;
  keys: KeyStore;
  registry: RegistryHolder;
  registryCopy: RegistryCopy;
  security: SecurityLog;
  opener: Opener;
  close(): Promise<void>;
}

/**
 * Opens a node's database, keys and registry.
 * @throws Problem when the registry is not signed by the pinned key, or the agency is not in it; `key-store` when the secrets
 *   are not those that the database was written with
 */
export async function openObserver(
  settings: NodeSettings,
  surroundings: NodeSurroundings,
): Promise<Observer> {
  const { contracts, clock = Date.now, migrations = [] } = surroundings;
  const broker = tracedBroker(surroundings.broker);
  const database = await openDatabase({
    url: settings.databaseUrl,
    name: `${settings.agency}/${settings.role}`,
    migrations: [...evidenceMigrations, ...nodeMigrations, ...migrations],
  });
  try {
    const registryCopy = new RegistryCopy(database);
    const registry = await registryCopy.open(settings.registryNote, parseVerifierKey(settings.registryKey));
    const agency = registry.current.agency(settings.agency);
    if (!agency) throw new Problem('sender-unknown', { detail: 'this agency is not in the registry' });
    const keys = new KeyStore(settings.dir, settings.agency);
    await checkSecrets(database, keys);
    const security = new SecurityLog({ database, clock });
    const logger = surroundings.logger.child({ agency: settings.agency, step: settings.role });
    const care = careForKeys({ keys, registry, clock, logger, dir: settings.dir });
    return {
      ...{
        settings,
        agency,
        contracts,
        broker,
        clock,
        logger,
        database,
        keys,
        registry,
        registryCopy,
        security,
      },
      opener: new Opener({ registry, keys, clock }),
      close: async () => {
        care.stop();
        await security.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
