import { type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SeenMessages } from '#envelope';
import { type HttpOptions } from '#http';
import { ExchangeServer, HEADER, ProblemRpcFilter, topics, type Delivery } from '#messaging';
import { followDocuments, observeNode, observeTransport, openNode } from '#node';
import { type AgencyNode, type NodeSettings, type NodeSurroundings } from '#node';
import { inEntrySpan, Metrics, nestLogger } from '#observability';
import { Problem } from '#problem';
import { createQuota, quotaMigrations } from '#quota';
import { type AdapterParts } from './adapter-parts.js';
import { AdapterModule } from './adapter.module.js';
import { AdapterObserver } from './observe.js';
import { serveOperations } from './operations.js';
import { noteUnverified } from './pipeline/open-question.js';
import { type QueryHandler } from './query-handler.js';
import { repeatMigrations, Repeats } from './repeats.js';
import { SourceGuard, type SourceLimits } from './source-guard.js';

const SWEEP_MS = 5_000;

export interface AdapterOptions extends NodeSurroundings {
  settings: Omit<NodeSettings, 'role'>;
  /** One for every query that the agency provides. */
  handlers: readonly QueryHandler[];
  limits?: SourceLimits;
  /** Where health and metrics are served; absent = nowhere: an adapter's work needs no HTTP. */
  http?: Omit<HttpOptions, 'logger'>;
  /** Bearer token of a metrics collector; absent = metrics are for nobody. */
  metricsToken?: string;
}

export interface RunningAdapter {
  /** Where health and metrics are served. */
  url?: string;
  node: AgencyNode;
  metrics: Metrics;
  close(): Promise<void>;
}

/**
 * Starts an agency's adapter: its node, its source guarded, its place on the transport. What is open already is closed
 * again when a later part does not open.
 * @throws Problem `config-invalid` when a query that the agency provides has no handler, or the other way round
 */
export async function startAdapter(options: AdapterOptions): Promise<RunningAdapter> {
  await using opened = new AsyncDisposableStack();
  const settings: NodeSettings = { ...options.settings, role: 'adapter' };
  const migrations = [...quotaMigrations, ...repeatMigrations, ...(options.migrations ?? [])];
  const node = await openNode(settings, { ...options, migrations });
  opened.defer(() => node.close());
  const { agency, ordinal } = settings;
  const metrics = new Metrics({ agency, role: 'adapter', ordinal: String(ordinal) });
  observeNode(metrics, node);
  const parts = assemble(node, metrics, options);
  opened.defer(() => parts.guard.close());
  const documents = await followDocuments(node);
  opened.defer(() => documents.close());
  const service = await listen(parts, metrics);
  opened.defer(() => service.close());
  // After it: ready means that questions are taken.
  const http = options.http && (await serveOperations(parts, metrics, options.http, options.metricsToken));
  if (http) opened.defer(() => http.close());
  const sweeper = setInterval(() => void sweep(parts), SWEEP_MS).unref();
  opened.defer(() => clearInterval(sweeper));
  const all = opened.move();
  return { node, metrics, ...(http && { url: http.url }), close: () => all.disposeAsync() };
}

function assemble(node: AgencyNode, metrics: Metrics, { handlers, limits }: AdapterOptions): AdapterParts {
  const byId = new Map(handlers.map((handler) => [handler.query as string, handler]));
  refuseMismatch(node, byId);
  const guard = new SourceGuard(limits);
  return {
    node,
    handlers: byId,
    guard,
    quota: createQuota({ pool: node.database.pool, clock: node.clock, subjectKey: node.epochKey }),
    repeats: new Repeats(node),
    seen: new SeenMessages(),
    observe: new AdapterObserver(metrics, node.logger, guard),
  };
}

/** What the agency says it provides and what its adapter can answer are the same, or it does not start. */
function refuseMismatch({ agency, contracts }: AgencyNode, handlers: ReadonlyMap<string, unknown>): void {
  const provided = new Set(
    [...contracts.contracts.values()]
      .filter(({ code }) => agency.provides.includes(code))
      .map(({ id }) => id as string),
  );
  const faults = [
    ...[...provided].filter((id) => !handlers.has(id)).map((id) => `${id} has no handler`),
    ...[...handlers.keys()]
      .filter((id) => !provided.has(id))
      .map((id) => `${id} is not provided by this agency`),
  ];
  if (faults.length > 0) throw new Problem('config-invalid', { detail: faults.join('; ') });
}

async function listen(parts: AdapterParts, metrics: Metrics): Promise<INestMicroservice> {
  const { node } = parts;
  const strategy = new ExchangeServer({
    broker: node.broker,
    source: node.origin,
    around: traced,
    onUnreadable: (delivery, problem) => noteUnverified(parts, delivery.topic, delivery, problem),
    routes: {
      'exchange.request': { topic: topics.request(node.agency.id), group: `${node.agency.id}.adapter` },
    },
  });
  observeTransport(metrics, { server: strategy });
  const service = await NestFactory.createMicroservice(AdapterModule.of(parts), {
    strategy,
    logger: nestLogger(node.logger),
    abortOnError: false,
  });
  service.useGlobalFilters(new ProblemRpcFilter());
  await service.listen();
  return service;
}

/** Work on a question is the receiving half of its asker's trace. */
function traced({ topic, headers }: Delivery, work: () => Promise<void>): Promise<void> {
  const fields = {
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    exchange: headers[HEADER.subject],
  } as const;
  return inEntrySpan(`process ${topic}`, fields, headers[HEADER.traceparent], work);
}

async function sweep({ repeats, quota, node }: AdapterParts): Promise<void> {
  for (const duty of [() => repeats.sweep(), () => quota.forgetExchanges(node.clock())]) {
    try {
      await duty();
    } catch (error) {
      node.logger.warn('sweep failed', {}, error);
    }
  }
}
