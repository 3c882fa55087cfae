import { Module } from '@nestjs/common';
import { answers } from '#database';
import { OPERATIONS, operationsControllers, startHttp, type HttpOptions, type Operations } from '#http';
import { type Readiness, type RunningHttp } from '#http';
import { type Metrics } from '#observability';
import { Problem } from '#problem';
import { type AdapterParts } from './adapter-parts.js';

@Module({})
class OperationsModule {}

/** Serves an adapter's health and metrics: it has no other HTTP, its questions come over the transport. */
export function serveOperations(
  { node, guard }: AdapterParts,
  metrics: Metrics,
  http: Omit<HttpOptions, 'logger'>,
  token: string | undefined,
): Promise<RunningHttp> {
  const operations: Operations = {
    metrics,
    ready: async (): Promise<Readiness> => {
      const log = node.log.health().state === 'writing';
      const database = await answers(node.database.pool);
      return {
        ready: log && database,
        log,
        database,
        source: guard.state,
        registry: node.registry.current.number,
      };
    },
    prove: () => Promise.reject(new Problem('not-entitled')),
    ...(token !== undefined && { token }),
  };
  const module = {
    module: OperationsModule,
    controllers: operationsControllers,
    providers: [{ provide: OPERATIONS, useValue: operations }],
  };
  return startHttp(module, { ...http, logger: node.logger });
}
