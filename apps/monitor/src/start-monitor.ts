import { answers, type Database } from '#database';
import { type Opener } from '#envelope';
import { type SecurityLog } from '#evidence';
import { startHttp, type HttpOptions, type Operations, type Readiness } from '#http';
import { ReplayGuard, type ReceivedRequest } from '#identity';
import { type Broker } from '#messaging';
import { type RegistryCopy } from '#node';
import { Metrics, type Logger } from '#observability';
import { Problem } from '#problem';
import { type RegistryHolder } from '#registry';
import { Retention } from './counting/retention.js';
import { AuditClient, type PullKey } from './mirror/audit-client.js';
import { Checkpoints } from './mirror/checkpoints.js';
import { Mirror } from './mirror/mirror.js';
import { Puller } from './mirror/puller.js';
import { TailConsumer } from './mirror/tail-consumer.js';
import { MonitorModule } from './monitor.module.js';
import { identifyReader } from './reading/identify-reader.js';
import { MonitorObserver } from './observe.js';
import { type MonitorParts } from './parts.js';
import { LogKeyClosings } from './registry/log-key-closings.js';
import { RegistryPublisher } from './registry/registry-publisher.js';
import { type AlarmKind } from './watching/alarms.js';
import { Watch } from './watching/watch.js';

export interface MonitorOptions {
  /** The monitor's own database, with `monitorMigrations` run. Stays open: whoever opened it closes it. */
  database: Database;
  broker: Broker;
  /** Opens what is sealed to the monitor's agency. */
  opener: Pick<Opener, 'openTail'>;
  registry: RegistryHolder;
  /** Keeps a registry that was brought here. */
  registryCopy: Pick<RegistryCopy, 'keep'>;
  /** Notes registries that were refused, and requests that prove nobody or are none. */
  security: Pick<SecurityLog, 'record'>;
  /** The agency that watches: class `data`. */
  agency: string;
  /** Base URL of each agency's audit server, `https://audit.hrss.example`. Read at each pull: it may be filled later. */
  auditUrls: Readonly<Record<string, string>>;
  /** The monitor's registered HTTP-signature key in force, asked for at each pull. */
  pullKey: () => PullKey;
  http: Omit<HttpOptions, 'logger'>;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** `host[:port]` under which readers address the monitor, when that is not where it listens. */
  authorities?: readonly string[];
  /** Bearer token of a metrics collector; absent = signed requests only. */
  metricsToken?: string;
  /** How long after its deadline an exchange must be complete; default a minute. */
  graceMs?: number;
  /** A log that did not grow for this long is silent; default 2.5 minutes (quiet logs tick each minute). */
  silentMs?: number;
  /** How often to look after logs; default 5 s. */
  watchMs?: number;
  /** How long an audit server may take for one answer; default 10 s. */
  pullTimeoutMs?: number;
}

export interface RunningMonitor {
  url: string;
  metrics: Metrics;
  /** Looks after all logs now: pulls what is missing, raises what is due. */
  watch(): Promise<void>;
  /** Stops taking tails, lets what is under way be committed, closes the server. */
  close(): Promise<void>;
}

/** Starts the monitor: mirrors every log from its tails, counts from the mirror, serves what it counted. */
export async function startMonitor(options: MonitorOptions): Promise<RunningMonitor> {
  await using opened = new AsyncDisposableStack();
  const { pool } = options.database;
  const clock = options.clock ?? Date.now;
  const logger = options.logger.child({ agency: options.agency, step: 'monitor' });
  const metrics = new Metrics({ agency: options.agency, role: 'monitor' });
  const observe = new MonitorObserver(metrics, logger, pool, clock);
  const authorities: string[] = [...(options.authorities ?? [])];
  const replay = new ReplayGuard({ pool });
  const { registry, security } = options;
  const { consumer, watch, puller } = assemble(options, { logger, observe, clock });
  const publisher = new RegistryPublisher({ ...options, closings: new LogKeyClosings({ pool, puller }) });
  const onRefused = ({ problem }: Problem, claimed?: string): void =>
    security.record({ code: problem, topic: 'http', ...(claimed !== undefined && { claimed }) });
  const parts: MonitorParts = {
    ...{ pool, registry, security, publisher, replay, clock, authorities, onRefused },
  };
  const module = MonitorModule.of(parts, operationsOf(parts, metrics, options.metricsToken));
  const http = await startHttp(module, { ...options.http, logger, onRefused });
  opened.defer(() => http.close());
  authorities.push(new URL(http.url).host);
  const sweep = () => replay.sweep(clock()).catch((error: unknown) => logger.warn('sweep failed', {}, error));
  const sweeping = setInterval(() => void sweep(), 60_000).unref();
  opened.defer(() => clearInterval(sweeping));
  const retention = new Retention({ pool, clock, logger });
  opened.defer(() => retention.stop());
  retention.start();
  opened.defer(() => watch.stop());
  opened.defer(() => consumer.close());
  await consumer.start();
  watch.start();
  const all = opened.move();
  return { url: http.url, metrics, watch: () => watch.round(), close: () => all.disposeAsync() };
}

/** Metrics are for the agency that watches, and a collector that holds the token. */
function operationsOf(parts: MonitorParts, metrics: Metrics, token: string | undefined): Operations {
  const ready = async (): Promise<Readiness> => {
    const reachable = await answers(parts.pool);
    return { ready: reachable, database: reachable, registry: parts.registry.current.number };
  };
  const prove = async (request: ReceivedRequest): Promise<void> => {
    const { everything } = await identifyReader(parts, request);
    if (!everything) throw new Problem('not-entitled');
  };
  return { metrics, ready, prove, ...(token !== undefined && { token }) };
}

interface Surroundings {
  logger: Logger;
  observe: MonitorObserver;
  clock: () => number;
}

function assemble(
  options: MonitorOptions,
  { logger, observe, clock }: Surroundings,
): { consumer: TailConsumer; watch: Watch; puller: Puller } {
  const { registry, broker, opener, silentMs = 150_000, watchMs = 5_000, graceMs = 60_000 } = options;
  const { pool } = options.database;
  const checkpoints = new Checkpoints(registry);
  const onAlarm = (origin: string, kind: AlarmKind) => observe.alarm(origin, kind);
  const mirror = new Mirror({ pool, clock, graceMs, onAlarm });
  const puller: Puller = new Puller({
    mirror,
    checkpoints,
    clientOf: (origin) => clientOf(options, clock, origin),
    logger,
    onUnproved: (origin, served) => watch.unproved(origin, served),
  });
  const watch = new Watch({ pool, puller, registry, logger, clock, silentMs, everyMs: watchMs, onAlarm });
  const consumer = new TailConsumer({
    broker,
    opener,
    mirror,
    checkpoints,
    puller,
    logger,
    onTail: (result) => observe.tail(result),
  });
  return { consumer, watch, puller };
}

/** The audit server of the agency that registered the log. */
function clientOf(options: MonitorOptions, clock: () => number, origin: string): AuditClient | undefined {
  const owner = options.registry.current.logOwner(origin);
  const url = owner === undefined ? undefined : options.auditUrls[owner];
  if (url === undefined) return undefined;
  return new AuditClient({ url, key: options.pullKey, clock, timeoutMs: options.pullTimeoutMs ?? 10_000 });
}
