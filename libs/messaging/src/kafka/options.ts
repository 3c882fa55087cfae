import kafkajs, { type ISocketFactory, type Kafka, type LogEntry, type RetryOptions } from 'kafkajs';
import { type Problem } from '#problem';
import { type Report } from '../transport-report.js';
import { socketsBy } from './sockets.js';

export interface KafkaBrokerOptions {
  /** `host:port` of brokers to begin with; the others are learned from them. */
  brokers: readonly string[];
  /** Agency that this process belongs to: every consumer group begins with `<agency>.`, as the brokers' ACLs say. */
  agency: string;
  /** This process in the brokers' logs and quotas: `<agency>/<role>/<ordinal>`. */
  clientId: string;
  /** Copies of each partition, for topics made or checked here. Default 1; from 3 on two must be in sync for a write. */
  replication?: number;
  /** TLS; `ca` is the PEM of the authority that signed the brokers' certificates. */
  ssl?: { ca: string };
  /** SCRAM-SHA-512. */
  sasl?: { username: string; password: string };
  /** Where a reader's crashes and restarts are told, in ids and codes. Default: Nest's logger. */
  report?: Report;
  /**
   * Told when a subscription has ended for good: its partition was taken by another instance, or the broker withdrew a
   * right. Default: throws in a turn of its own, which ends the process; a consumer never dies in silence.
   */
  onFatal?: (problem: Problem) => void;
  /** Opens the sockets; for tests that cut them. */
  socketFactory?: ISocketFactory;
}

/** How a cluster is reached, and as whom. */
export type KafkaAccess = Pick<KafkaBrokerOptions, 'brokers' | 'ssl' | 'sasl'>;

/**
 * Every retry setting is spelled out: kafkajs takes others when NODE_ENV is `test`, as Jest sets it. `patient` rides out
 * a coordinator that is still loading (1 s on a fresh broker); `hasty` tells a publisher soon that nobody answers.
 */
export const RETRY = {
  patient: { initialRetryTime: 50, maxRetryTime: 800, factor: 0.2, multiplier: 2, retries: 6 },
  hasty: { initialRetryTime: 30, maxRetryTime: 100, factor: 0.2, multiplier: 2, retries: 1 },
  /** A partition whose leader is moving: about 2.5 s, while the rest of the cluster answers. */
  produce: { initialRetryTime: 50, maxRetryTime: 400, factor: 0.2, multiplier: 2, retries: 8 },
  /** kafkajs never restarts a consumer by itself: a TypeError would stop it for good, so restarting is ours alone. */
  consume: {
    initialRetryTime: 50,
    maxRetryTime: 500,
    factor: 0.2,
    multiplier: 2,
    retries: 8,
    restartOnFailure: () => Promise.resolve(false),
  },
} as const satisfies Record<string, RetryOptions>;

const CONNECT_MS = 2_000;

/**
 * A kafkajs client of its own. Consumers must not share one: it keeps the committed offsets of a group in a map that all
 * its consumers use. Its log goes nowhere; `onError` is told of its errors.
 */
export function kafkaOf(
  options: KafkaAccess & Pick<KafkaBrokerOptions, 'clientId' | 'socketFactory'>,
  retry: RetryOptions,
  requestTimeout: number,
  onError?: (entry: LogEntry) => void,
): Kafka {
  const { brokers, clientId, ssl, sasl, socketFactory } = options;
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout,
    retry,
    logLevel: onError ? kafkajs.logLevel.ERROR : kafkajs.logLevel.NOTHING,
    ...(onError && { logCreator: () => onError }),
    ...(ssl && { ssl: { ca: [ssl.ca] } }),
    ...(sasl && { sasl: { mechanism: 'scram-sha-512' as const, ...sasl } }),
    socketFactory: socketsBy(socketFactory),
  });
}
