import { InProcessBus, provinceTopics } from '#messaging';
import { loadContracts } from '#contracts';
import { identityMigrations, ReplayGuard } from '#identity';
import { openNode, type AgencyNode } from '#node';
import { createLogger, Metrics } from '#observability';
import { startHttp } from '#http';
import { GatewayModule } from '../../../apps/gateway/src/gateway.module.js';
import { GatewayObserver } from '../../../apps/gateway/src/observe.js';
import { type GatewayParts } from '../../../apps/gateway/src/parts.js';
import { type Answered } from '../../../apps/gateway/src/pipeline/answered.js';
import { authorize, isPlan } from '../../../apps/gateway/src/pipeline/authorize.js';
import { type Call } from '../../../apps/gateway/src/pipeline/call.js';
import { work } from '../stage/worker.js';
import { type EdgeSettings } from './edge-settings.js';

/**
 * Our gateway's own controller and pipeline, cut off once the question is authorized: where the idempotency of calls would
 * begin, it answers. Everything before is the product's: Nest, signature, digest, replay guard with its row in PostgreSQL,
 * strict JSON, schema, purpose, identity numbers, bundle.
 */
await work(async ({ provider, bundle, ...settings }: EdgeSettings) => {
  const contracts = loadContracts();
  const broker = new InProcessBus();
  await broker.createTopics(provinceTopics({ providers: [provider], requesters: [settings.agency] }));
  const logger = createLogger('info');
  const node = await openNode(
    { ...settings, role: 'gateway', ordinal: 0, synthetic: 'accept' },
    { contracts, broker, logger, migrations: identityMigrations },
  );
  await node.bundles.offer(provider, bundle);
  const metrics = new Metrics({ agency: settings.agency, role: 'gateway', ordinal: '0' });
  const authorities: string[] = [];
  const gateway = partsOf(node, metrics, authorities);
  const ready = (): Promise<{ ready: boolean }> => Promise.resolve({ ready: true });
  const http = await startHttp(
    GatewayModule.of(gateway, { metrics, ready, prove: () => Promise.resolve() }),
    { host: '127.0.0.1', port: 0, logger },
  );
  authorities.push(new URL(http.url).host);
  return {
    url: http.url,
    close: async () => {
      await http.close();
      await node.close();
      await broker.close();
    },
  };
});

/** Only the parts that the way up to there uses. */
function partsOf(node: AgencyNode, metrics: Metrics, authorities: readonly string[]): GatewayParts {
  const codes = [...node.contracts.contracts.values()].flatMap(({ code, id }) => [code, id]);
  const parts = {
    ...{ node, authorities, replay: new ReplayGuard({ pool: node.database.pool }) },
    calls: {
      once: (call: Call) => Promise.resolve({ answered: authorized(gateway, call), replayed: false }),
    },
    observe: new GatewayObserver(metrics, node.logger, new Set(codes)),
  };
  const gateway = parts as unknown as GatewayParts;
  return gateway;
}

function authorized(gateway: GatewayParts, call: Call): Answered {
  const plans = authorize(gateway, call).filter(isPlan);
  const body = { query: call.contract.id, exchanges: [], authorized: plans.length === 1 };
  return { status: 200, body: body as unknown as Answered['body'], trails: [] };
}
