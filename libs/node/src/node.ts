import { join } from 'node:path';
import { type Agency, type Contracts } from '#contracts';
import { openDatabase, type Database, type Migration } from '#database';
import { openLogWriter, PeerLogs, SecurityLog, evidenceMigrations, type LogWriter } from '#evidence';
import { Opener, Sealer } from '#envelope';
import { type Broker } from '#messaging';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { KeyStore, type RegistryHolder } from '#registry';
import { noteSigner, parseVerifierKey } from '#tlog';
import { AnswerCipher } from './answer-cipher.js';
import { Bundles } from './bundles.js';
import { type NodeSettings } from './node-settings.js';
import { RegistryCopy, nodeMigrations } from './registry-copy.js';
import { TailSender } from './tail-sender.js';

export interface NodeSurroundings {
  contracts: Contracts;
  broker: Broker;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Tables that this process has besides the node's own. */
  migrations?: readonly Migration[];
}

/** What a process of an agency's node works with: its database, keys, registry, bundles, log, and the way to its peers. */
export interface AgencyNode {
  settings: NodeSettings;
  agency: Agency;
  /** `<agency>/<role>/<ordinal>` */
  origin: string;
  contracts: Contracts;
  broker: Broker;
  logger: Logger;
  clock: () => number;
  database: Database;
  keys: KeyStore;
  registry: RegistryHolder;
  registryCopy: RegistryCopy;
  bundles: Bundles;
  log: LogWriter;
  peers: PeerLogs;
  security: SecurityLog;
  sealer: Sealer;
  opener: Opener;
  cipher: AnswerCipher;
  tails: TailSender;
  /** Secrets kept outside the database: commitments to persons, pseudonyms. */
  epochKey: Buffer;
  pseudonymKey: Buffer;
  close(): Promise<void>;
}

/**
 * Opens a node's part for one process. The log's writer comes last: from then on this process speaks for its agency.
 * @throws Problem when the registry is not signed by the pinned key, the agency is not in it, or the log cannot be written
 */
export async function openNode(settings: NodeSettings, surroundings: NodeSurroundings): Promise<AgencyNode> {
  const { contracts, broker, clock = Date.now, migrations = [] } = surroundings;
  const logger = surroundings.logger.child({ agency: settings.agency, step: settings.role });
  const database = await openDatabase({
    url: settings.databaseUrl,
    name: `${settings.agency}/${settings.role}`,
    migrations: [...evidenceMigrations, ...nodeMigrations, ...migrations],
  });
  try {
    const registryCopy = new RegistryCopy(database);
    const pinned = parseVerifierKey(settings.registryKey);
    const registry = await registryCopy.open(settings.registryNote, pinned);
    const agency = registry.current.agency(settings.agency);
    if (!agency) throw new Problem('sender-unknown', { detail: 'this agency is not in the registry' });
    const keys = new KeyStore(settings.dir, settings.agency);
    const bundles = new Bundles(database, registry, contracts, clock);
    for (const provider of await bundles.load())
      logger.warn('bundle in the database refused', { key: provider });
    const parts = {
      settings,
      agency,
      contracts,
      broker,
      logger,
      clock,
      database,
      keys,
      registry,
      registryCopy,
      bundles,
    };
    return await withLog(parts);
  } catch (error) {
    await database.close();
    throw error;
  }
}

type Opened = Pick<
  AgencyNode,
  | 'settings'
  | 'agency'
  | 'contracts'
  | 'broker'
  | 'logger'
  | 'clock'
  | 'database'
  | 'keys'
  | 'registry'
  | 'registryCopy'
  | 'bundles'
>;

async function withLog(parts: Opened): Promise<AgencyNode> {
  const { settings, database, keys, registry, clock } = parts;
  const origin = `${settings.agency}/${settings.role}/${settings.ordinal}`;
  const peers = await PeerLogs.open({ database, keysOf: (peer) => registry.current.logKeys(peer) });
  const sealer = new Sealer({ registry, clock });
  const tails = new TailSender(parts, origin, sealer, peers);
  const security = new SecurityLog({ database, clock });
  const log = await openLogWriter({
    database,
    origin,
    signer: noteSigner(origin, keys.logKey(origin, clock()).privateKey),
    sealKey: keys.secret('seal'),
    edgeFile: join(settings.dir, `edge-${settings.role}-${settings.ordinal}`),
    clock,
    onCommit: (tail) => tails.offer(tail),
  });
  return {
    ...parts,
    origin,
    log,
    peers,
    tails,
    security,
    sealer,
    opener: new Opener({ registry, keys, clock }),
    cipher: new AnswerCipher(keys.secret('seal')),
    epochKey: keys.secret('epoch'),
    pseudonymKey: keys.secret('pseudonym'),
    close: async () => {
      await log.close();
      await tails.close();
      await peers.close();
      await security.close();
      await database.close();
    },
  };
}
