import { type Setting } from '#config';
import { type NodeSettings } from '#node';
import { type LogLevel } from '#observability';

type Definitions<T> = { [K in keyof T]: Setting };

const text = (env: string, more: object = {}): Setting => ({
  env,
  schema: { type: 'string', minLength: 1, ...more },
});
const optional = (env: string): Setting => ({ env, schema: { type: 'string', default: '' } });

/** What every process of a node is told by its environment. Each may stand in a file instead: `<NAME>_FILE`. */
export interface ProcessSettings extends Omit<NodeSettings, 'role'> {
  contracts: string;
  logLevel: LogLevel;
  brokers: string;
  replication: number;
  kafkaUsername: string;
  kafkaPassword: string;
  kafkaCa: string;
  kafkaCleartext: 'accept' | 'refuse';
  httpHost: string;
  httpPort: number;
  httpKey: string;
  httpCert: string;
  httpCa: string;
  authorities: string;
  metricsToken: string;
  otlpEndpoint: string;
  otlpSampling: number;
}

/** The environment variables of every process, in the order in which the runbook tells of them. */
export const processSettings: Definitions<ProcessSettings> = {
  agency: text('EXCHANGE_AGENCY'),
  ordinal: { env: 'EXCHANGE_ORDINAL', schema: { type: 'integer', minimum: 0, default: 0 } },
  databaseUrl: text('EXCHANGE_DATABASE_URL', { pattern: '^postgres(ql)?://' }),
  dir: text('EXCHANGE_DIR'),
  registryKey: text('EXCHANGE_REGISTRY_KEY'),
  registryNote: text('EXCHANGE_REGISTRY_NOTE'),
  monitor: text('EXCHANGE_MONITOR'),
  synthetic: {
    env: 'EXCHANGE_SYNTHETIC',
    schema: { type: 'string', enum: ['accept', 'refuse'], default: 'refuse' },
  },
  contracts: optional('EXCHANGE_CONTRACTS'),
  logLevel: {
    env: 'EXCHANGE_LOG_LEVEL',
    schema: { type: 'string', enum: ['debug', 'info', 'warn', 'error', 'silent'], default: 'info' },
  },
  brokers: text('KAFKA_BROKERS'),
  replication: { env: 'KAFKA_REPLICATION', schema: { type: 'integer', minimum: 1, maximum: 15, default: 3 } },
  kafkaUsername: optional('KAFKA_USERNAME'),
  kafkaPassword: optional('KAFKA_PASSWORD'),
  kafkaCa: optional('KAFKA_CA'),
  kafkaCleartext: {
    env: 'KAFKA_CLEARTEXT',
    schema: { type: 'string', enum: ['accept', 'refuse'], default: 'refuse' },
  },
  httpHost: { env: 'HTTP_HOST', schema: { type: 'string', default: '127.0.0.1' } },
  httpPort: { env: 'HTTP_PORT', schema: { type: 'integer', minimum: 0, maximum: 65_535, default: 8080 } },
  httpKey: optional('HTTP_TLS_KEY'),
  httpCert: optional('HTTP_TLS_CERT'),
  httpCa: optional('HTTP_TLS_CA'),
  authorities: optional('HTTP_AUTHORITIES'),
  metricsToken: optional('METRICS_TOKEN'),
  otlpEndpoint: {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: { type: 'string', pattern: '^(https?://.+)?$', default: '' },
  },
  otlpSampling: {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    schema: { type: 'number', minimum: 0, maximum: 1, default: 1 },
  },
};

/** `a, b` → `['a', 'b']`; nothing → `[]`. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
