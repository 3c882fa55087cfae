import { type KeyObject } from 'node:crypto';
import { type Contracts } from '#contracts';
import { answers, type Database } from '#database';
import { LogReader, type SecurityLog } from '#evidence';
import { startHttp, type HttpOptions, type Operations, type Readiness } from '#http';
import { ReplayGuard, type ReceivedRequest } from '#identity';
import { Metrics, type Logger } from '#observability';
import { Problem } from '#problem';
import { type RegistryHolder } from '#registry';
import { AuditModule } from './audit.module.js';
import { identifyReader } from './identify-reader.js';
import { observeRequests } from './observe-requests.js';
import { type AuditParts } from './parts.js';
import { AccessBook } from './search/access-book.js';

export interface AuditOptions {
  /** The node's database, with `evidenceMigrations` and `auditMigrations` run. Stays open: whoever opened it closes it. */
  database: Database;
  registry: RegistryHolder;
  /** The agency whose node this is. */
  agency: string;
  /** Agencies that may read entries and search besides the owner; default none. */
  auditors?: readonly string[];
  contracts: Contracts;
  /** Notes the requests that prove nobody, or are none. */
  security: Pick<SecurityLog, 'record'>;
  http: Omit<HttpOptions, 'logger'>;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Secret of the node under which persons are committed to (`KeyStore.secret('epoch')`). */
  epochKey: KeyObject;
  synthetic: 'accept' | 'refuse';
  /** `host[:port]` under which readers address this server, when that is not where it listens. */
  authorities?: readonly string[];
  /** Bearer token of a metrics collector; absent = signed requests only. */
  metricsToken?: string;
  /** Searches remembered; default 100,000. */
  keepAccess?: number;
}

export interface RunningAudit {
  url: string;
  metrics: Metrics;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;

/** Starts the server of a node's logs. It reads only, so any number of them can run beside the node's writers. */
export async function startAudit(options: AuditOptions): Promise<RunningAudit> {
  const { pool } = options.database;
  const logger = options.logger.child({ agency: options.agency, step: 'audit' });
  const metrics = new Metrics({ agency: options.agency, role: 'audit' });
  const authorities: string[] = [...(options.authorities ?? [])];
  const clock = options.clock ?? Date.now;
  const replay = new ReplayGuard({ pool });
  const onRefused = ({ problem }: Problem, claimed?: string): void =>
    options.security.record({ code: problem, topic: 'http', ...(claimed !== undefined && { claimed }) });
  const parts: AuditParts = {
    agency: options.agency,
    auditors: new Set(options.auditors),
    reader: new LogReader({ database: options.database }),
    registry: options.registry,
    replay,
    onRefused,
    contracts: options.contracts,
    access: new AccessBook(pool, options.keepAccess ?? 100_000),
    logger,
    clock,
    epochKey: options.epochKey,
    synthetic: options.synthetic,
    authorities,
  };
  const http = await startHttp(AuditModule.of(parts, operationsOf(parts, options, metrics)), {
    ...options.http,
    logger,
    onRefused,
    configure: observeRequests(metrics, options.http.configure),
  });
  authorities.push(new URL(http.url).host);
  const sweep = () => replay.sweep(clock()).catch((error: unknown) => logger.warn('sweep failed', {}, error));
  const sweeping = setInterval(() => void sweep(), SWEEP_MS).unref();
  return {
    url: http.url,
    metrics,
    close: async () => {
      clearInterval(sweeping);
      await http.close();
    },
  };
}

/** Metrics are for the owner of the node, the monitor, and a collector that holds the token. */
function operationsOf(
  parts: AuditParts,
  { database, registry, metricsToken: token }: AuditOptions,
  metrics: Metrics,
): Operations {
  const ready = async (): Promise<Readiness> => {
    const reachable = await answers(database.pool);
    return { ready: reachable, database: reachable, registry: registry.current.number };
  };
  const prove = async (request: ReceivedRequest): Promise<void> => {
    const { isOwner, isMonitor } = await identifyReader(parts, request);
    if (!isOwner && !isMonitor) throw new Problem('not-entitled');
  };
  return { metrics, ready, prove, ...(token !== undefined && { token }) };
}
