import { loadContracts } from '#contracts';
import { type HttpOptions } from '#http';
import { openKafkaBroker, provinceTopics, type Broker } from '#messaging';
import { type NodeSettings, type NodeSurroundings } from '#node';
import { createLogger, type Logger } from '#observability';
import { Problem } from '#problem';
import { listOf, type ProcessSettings } from './settings.js';

/** What a process is given to start with, made from its settings. */
export interface Outfit<T> {
  /** The settings of this kind of process beside those of every one. */
  own: T;
  surroundings: NodeSurroundings;
  settings: Omit<NodeSettings, 'role'>;
  http: Omit<HttpOptions, 'logger'>;
  /** `host[:port]` under which others address this process, and its collector's token. */
  access: { authorities: readonly string[]; metricsToken?: string };
}

export type Role = 'gateway' | 'adapter' | 'audit' | 'monitor';

/**
 * Opens the way to the broker and reads the contracts. The topics that the agency's own processes read are checked, or made
 * where this account may: one that is not as it must be stops the start.
 * @throws Problem `config-invalid`, `transport-unavailable` naming the topic and setting, `registry-invalid`
 */
export async function makeOutfit<T>(
  role: Role,
  settings: ProcessSettings & T,
  onFatal: (problem: Problem) => void,
): Promise<{ outfit: Outfit<T>; broker: Broker; logger: Logger }> {
  const logger = createLogger(settings.logLevel).child({ agency: settings.agency, step: role });
  const contracts = loadContracts(settings.contracts || undefined);
  const agency = contracts.agencies.get(settings.agency);
  if (!agency) throw new Problem('config-invalid', { detail: 'EXCHANGE_AGENCY is not in the contracts' });
  const http = httpOf(settings);
  const broker = await openKafkaBroker({ ...kafkaOf(role, settings), onFatal });
  try {
    const providers = agency.provides.length > 0 ? [agency.id] : [];
    await broker.createTopics(provinceTopics({ providers, requesters: [agency.id] }));
  } catch (error) {
    await broker.close();
    throw error;
  }
  const outfit: Outfit<T> = {
    own: settings,
    surroundings: { contracts, broker, logger },
    settings: nodeOf(settings),
    http,
    access: {
      authorities: listOf(settings.authorities),
      ...(settings.metricsToken && { metricsToken: settings.metricsToken }),
    },
  };
  return { outfit, broker, logger };
}

function nodeOf(settings: ProcessSettings): Omit<NodeSettings, 'role'> {
  const { agency, ordinal, databaseUrl, dir, registryKey, registryNote, monitor, synthetic } = settings;
  return { agency, ordinal, databaseUrl, dir, registryKey, registryNote, monitor, synthetic };
}

function httpOf(settings: ProcessSettings): Omit<HttpOptions, 'logger'> {
  const { httpHost: host, httpPort: port, httpKey: key, httpCert: cert, httpCa: ca } = settings;
  if ((key === '') !== (cert === ''))
    throw new Problem('config-invalid', { detail: 'HTTP_TLS_KEY and HTTP_TLS_CERT go together' });
  return { host, port, ...(key && { tls: { key, cert, ...(ca && { ca }) } }) };
}

function kafkaOf(role: Role, settings: ProcessSettings) {
  const { agency, ordinal, brokers, replication, kafkaCleartext: cleartext } = settings;
  const { kafkaUsername: username, kafkaPassword: password, kafkaCa: ca } = settings;
  if ((username === '') !== (password === ''))
    throw new Problem('config-invalid', { detail: 'KAFKA_USERNAME and KAFKA_PASSWORD go together' });
  if (username !== '' && ca === '' && cleartext === 'refuse')
    throw new Problem('config-invalid', {
      detail: 'KAFKA_USERNAME without KAFKA_CA would be used without TLS; KAFKA_CLEARTEXT=accept allows it',
    });
  return {
    brokers: listOf(brokers),
    agency,
    clientId: `${agency}/${role}/${ordinal}`,
    replication,
    ...(ca && { ssl: { ca } }),
    ...(username && { sasl: { username, password } }),
  };
}
