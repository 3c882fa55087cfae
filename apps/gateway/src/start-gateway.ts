import { type HttpOptions, startHttp } from '#http';
import { identityMigrations, ReplayGuard } from '#identity';
import { ExchangeClient, topics } from '#messaging';
import { followDocuments, openNode, type AgencyNode, type NodeSettings, type NodeSurroundings } from '#node';
import { Metrics } from '#observability';
import { Calls } from './calls/calls.js';
import { callMigrations } from './calls/migrations.js';
import { QuotaReports } from './calls/quota-reports.js';
import { serveDocs } from './docs.js';
import { ExchangeStates } from './exchange-states.js';
import { GatewayModule } from './gateway.module.js';
import { GatewayObserver } from './observe.js';
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

/** Starts an agency's gateway: its node, its place on the transport, its HTTP server. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const settings: NodeSettings = { ...options.settings, role: 'gateway' };
  const node = await openNode(settings, {
    ...options,
    migrations: [...identityMigrations, ...callMigrations, ...(options.migrations ?? [])],
  });
  const client = new ExchangeClient({
    broker: options.broker,
    reply: { topic: topics.reply(settings.agency), partition: settings.ordinal },
    retryMs: options.retryMs ?? 2_000,
  });
  await client.connect();
  const metrics = new Metrics({
    agency: settings.agency,
    role: 'gateway',
    ordinal: String(settings.ordinal),
  });
  const authorities: string[] = [...(options.authorities ?? [])];
  const gateway = assemble(node, client, metrics, authorities);
  const documents = await followDocuments(node);
  const { metricsToken: token } = options;
  const access = { metrics, ...(token !== undefined && { token }) };
  const http = await startHttp(
    GatewayModule.of(gateway, { ...access, prove: (request) => identify(gateway, request) }),
    {
      ...options.http,
      logger: node.logger,
      onRefused: ({ problem }) => node.security.record({ code: problem, topic: 'http' }),
      configure: (fastify) => serveDocs(fastify, node.contracts),
    },
  );
  authorities.push(new URL(http.url).host);
  const sweeper = new Sweeper(gateway);
  sweeper.start();
  return {
    url: http.url,
    node,
    metrics,
    close: async () => {
      await http.close();
      await sweeper.stop();
      await client.close();
      await documents.close();
      await node.close();
    },
  };
}

function assemble(
  node: AgencyNode,
  client: ExchangeClient,
  metrics: Metrics,
  authorities: readonly string[],
): GatewayParts {
  const codes = [...node.contracts.contracts.values()].flatMap(({ code, id }) => [code, id]);
  return {
    node,
    client,
    authorities,
    replay: new ReplayGuard({ pool: node.database.pool }),
    calls: new Calls(node.database, node.cipher, node.clock),
    quotas: new QuotaReports(node, node.database),
    states: new ExchangeStates(node),
    validators: new ReleasedValidators(),
    smoother: new Smoother(node.clock),
    observe: new GatewayObserver(metrics, node.logger, new Set(codes)),
  };
}
