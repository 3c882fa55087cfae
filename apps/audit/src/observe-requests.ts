import { type FastifyInstance } from 'fastify';
import { type HttpOptions } from '#http';
import { type Metrics } from '#observability';

type Configure = NonNullable<HttpOptions['configure']>;

/** Counts answers by route pattern and status: both bounded, whatever is asked for. */
export function observeRequests(metrics: Metrics, next?: Configure): Configure {
  const requests = metrics.counter('audit_requests_total', 'Requests by route and status', [
    'route',
    'status',
  ]);
  return async (fastify: FastifyInstance) => {
    fastify.addHook('onResponse', (request, reply, done) => {
      requests.inc({ route: request.routeOptions.url ?? 'unknown', status: reply.statusCode });
      done();
    });
    await next?.(fastify);
  };
}
