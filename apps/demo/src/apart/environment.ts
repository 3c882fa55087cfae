import { type LocalKafka } from '#local-kafka';
import { type ProvinceDatabases } from '../province/databases.js';
import { type ProvinceKeys } from '../province/keys.js';
import { PROVINCE } from '../province/province-agency.js';
import { type Addresses } from './addresses.js';
import { type Planned } from './plan.js';

export interface Surroundings {
  keys: ProvinceKeys;
  databases: ProvinceDatabases;
  kafka: LocalKafka;
  addresses: Addresses;
}

/** What one process is told by its environment, as in production: its agency's account at the broker, its node's database, its own port. */
export function environmentOf(planned: Planned, around: Surroundings): Record<string, string> {
  const { agency, role, ordinal } = planned;
  const { keys, databases, kafka, addresses } = around;
  return {
    EXCHANGE_AGENCY: agency,
    EXCHANGE_ORDINAL: String(ordinal),
    EXCHANGE_DATABASE_URL: databases.nodeUrl(agency),
    EXCHANGE_DIR: keys.dirOf(agency),
    EXCHANGE_REGISTRY_KEY: keys.registryKey,
    EXCHANGE_REGISTRY_NOTE: keys.registryNote,
    EXCHANGE_MONITOR: PROVINCE,
    EXCHANGE_SYNTHETIC: 'accept',
    KAFKA_BROKERS: kafka.bootstrap.join(','),
    KAFKA_REPLICATION: String(kafka.bootstrap.length),
    ...(kafka.users && {
      KAFKA_USERNAME: agency,
      KAFKA_PASSWORD: kafka.users[agency]!,
      KAFKA_CA_FILE: kafka.caFile!,
    }),
    HTTP_PORT: String(addresses.portOf(planned)),
    ...(role === 'adapter' && { ADAPTER_SOURCE_URL: databases.sourceUrl(agency) }),
    ...(role === 'audit' && { AUDIT_AUDITORS: PROVINCE }),
    ...(role === 'monitor' && { MONITOR_AUDIT_URLS: JSON.stringify(addresses.audits) }),
  };
}
