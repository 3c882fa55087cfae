import { type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SeenMessages } from '#envelope';
import { ExchangeServer, ProblemRpcFilter, topics } from '#messaging';
import { followDocuments, openNode, type AgencyNode, type NodeSettings, type NodeSurroundings } from '#node';
import { Metrics, nestLogger } from '#observability';
import { Problem } from '#problem';
import { createQuota, quotaMigrations } from '#quota';
import { type AdapterParts } from './adapter-parts.js';
import { AdapterModule } from './adapter.module.js';
import { AdapterObserver } from './observe.js';
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
}

export interface RunningAdapter {
  node: AgencyNode;
  metrics: Metrics;
  close(): Promise<void>;
}

/**
 * Starts an agency's adapter: its node, its source guarded, its place on the transport.
 * @throws Problem `config-invalid` when a query that the agency provides has no handler, or the other way round
 */
export async function startAdapter(options: AdapterOptions): Promise<RunningAdapter> {
  const settings: NodeSettings = { ...options.settings, role: 'adapter' };
  const migrations = [...quotaMigrations, ...repeatMigrations, ...(options.migrations ?? [])];
  const node = await openNode(settings, { ...options, migrations });
  const metrics = new Metrics({
    agency: settings.agency,
    role: 'adapter',
    ordinal: String(settings.ordinal),
  });
  const parts = assemble(node, metrics, options);
  const documents = await followDocuments(node);
  const service = await listen(parts);
  const sweeper = setInterval(() => void sweep(parts), SWEEP_MS).unref();
  return {
    node,
    metrics,
    close: async () => {
      clearInterval(sweeper);
      await service.close();
      await documents.close();
      parts.guard.close();
      parts.observe.close();
      await node.close();
    },
  };
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
    repeats: new Repeats(node.database, node.cipher, node.clock),
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

async function listen(parts: AdapterParts): Promise<INestMicroservice> {
  const { node } = parts;
  const strategy = new ExchangeServer({
    broker: node.broker,
    source: node.origin,
    onUnreadable: (delivery, problem) => noteUnverified(parts, delivery.topic, delivery, problem),
    routes: {
      'exchange.request': { topic: topics.request(node.agency.id), group: `${node.agency.id}.adapter` },
    },
  });
  const service = await NestFactory.createMicroservice(AdapterModule.of(parts), {
    strategy,
    logger: nestLogger(node.logger),
    abortOnError: false,
  });
  service.useGlobalFilters(new ProblemRpcFilter());
  await service.listen();
  return service;
}

async function sweep({ repeats, node }: AdapterParts): Promise<void> {
  try {
    await repeats.sweep();
  } catch (error) {
    node.logger.warn('sweep failed', {}, error);
  }
}
