import { answers } from '#database';
import { startHttp, type HttpOptions, type Operations, type Readiness, type RunningHttp } from '#http';
import { identityMigrations, ReplayGuard } from '#identity';
import { ExchangeClient, topics } from '#messaging';
import { followDocuments, observeNode, observeTransport, openNode } from '#node';
import { type AgencyNode, type NodeSettings, type NodeSurroundings } from '#node';
import { Metrics } from '#observability';
import { Calls } from './calls/calls.js';
import { callMigrations } from './calls/migrations.js';
import { QuotaReports } from './calls/quota-reports.js';
import { serveDocs } from './docs.js';
import { ExchangeStates } from './exchange-states.js';
import { GatewayModule } from './gateway.module.js';
import { GatewayObserver } from './observe.js';
import { LateReplies } from './late-replies.js';
import { type GatewayParts } from './parts.js';
import { identify } from './pipeline/identify.js';
import { ReleasedValidators } from './released-validators.js';
import { Smoother } from './smoother.js';
import { Sweeper } from './sweeper.js';

export interface GatewayOptions extends NodeSurroundings {
  settings: Omit<NodeSettings, 'role'>;
  http: Omit<HttpOptions, 'logger'>;
  /** `host[:port]` under which clients address this gateway, when that is not where it listens (behind a proxy). */
  authorities?: readonly string[];
  /** Bearer token of a metrics collector; absent = signed requests only. */
  metricsToken?: string;
  /** A question without an answer is sent again this often, milliseconds. */
  retryMs?: number;
}

export interface RunningGateway {
  url: string;
  node: AgencyNode;
  metrics: Metrics;
  close(): Promise<void>;
}

/** Starts an agency's gateway: its node, its place on the transport, its HTTP server. What is open already is closed again when a later part does not open. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  await using opened = new AsyncDisposableStack();
  const settings: NodeSettings = { ...options.settings, role: 'gateway' };
  const migrations = [...identityMigrations, ...callMigrations, ...(options.migrations ?? [])];
  const node = await openNode(settings, { ...options, migrations });
  opened.defer(() => node.close());
  const documents = await followDocuments(node);
  opened.defer(() => documents.close());
  const metrics = new Metrics({
    agency: settings.agency,
    role: 'gateway',
    ordinal: String(settings.ordinal),
  });
  const late = new LateReplies(node, metrics);
  opened.defer(() => late.stop());
  const client = await connect(node, late, options.retryMs);
  opened.defer(() => client.close());
  observeNode(metrics, node);
  observeTransport(metrics, { client });
  const authorities: string[] = [...(options.authorities ?? [])];
  const gateway = assemble(node, client, late, metrics, authorities);
  const sweeper = new Sweeper(gateway);
  opened.defer(() => sweeper.stop());
  const http = await listen(gateway, metrics, options);
  opened.defer(() => http.close());
  authorities.push(new URL(http.url).host);
  sweeper.start();
  late.start();
  const all = opened.move();
  return { url: http.url, node, metrics, close: () => all.disposeAsync() };
}

/** The reply partition is this instance's own: no question is sent before its position is fixed. */
async function connect(
  { broker, settings, logger }: AgencyNode,
  late: LateReplies,
  retryMs = 2_000,
): Promise<ExchangeClient> {
  const since = await late.lookBackSince();
  const place = { topic: topics.reply(settings.agency), partition: settings.ordinal };
  const client = new ExchangeClient({
    broker,
    reply: { ...place, ...(since !== undefined && { since }) },
    retryMs,
    onLate: (reply) => late.take(reply),
    report: (report) => logger.warn('transport trouble', report),
  });
  await client.connect();
  return client;
}

function listen(gateway: GatewayParts, metrics: Metrics, options: GatewayOptions): Promise<RunningHttp> {
  const { node } = gateway;
  const { metricsToken: token } = options;
  const operations: Operations = {
    metrics,
    ready: () => readiness(node),
    prove: (request) => identify(gateway, request),
    ...(token !== undefined && { token }),
  };
  return startHttp(GatewayModule.of(gateway, operations), {
    ...options.http,
    logger: node.logger,
    onRefused: ({ problem }) => node.security.record({ code: problem, topic: 'http' }),
    configure: (fastify) => serveDocs(fastify, node.contracts, node.clock),
  });
}

/** A question could be answered now. The broker is not asked: while it is away a question waits for it until its deadline. */
async function readiness({ log, database, registry }: AgencyNode): Promise<Readiness> {
  const writing = log.health().state === 'writing';
  const reachable = await answers(database.pool);
  return {
    ready: writing && reachable,
    log: writing,
    database: reachable,
    registry: registry.current.number,
  };
}

function assemble(
  node: AgencyNode,
  client: ExchangeClient,
  late: LateReplies,
  metrics: Metrics,
  authorities: readonly string[],
): GatewayParts {
  const codes = [...node.contracts.contracts.values()].flatMap(({ code, id }) => [code, id]);
  return {
    node,
    client,
    late,
    authorities,
    replay: new ReplayGuard({ pool: node.database.pool }),
    calls: new Calls(node.database, node.cipher, node.clock, node.logger),
    quotas: new QuotaReports(node, node.database),
    states: new ExchangeStates(node),
    validators: new ReleasedValidators(),
    smoother: new Smoother(node.clock),
    observe: new GatewayObserver(metrics, node.logger, new Set(codes)),
  };
}
