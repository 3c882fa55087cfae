import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Metrics } from '#observability';

/** Injection token of a process's {@link Operations}. */
export const OPERATIONS = Symbol('operations');

/** Whether a process can do its work now, and of what that is made up. */
export interface Readiness {
  ready: boolean;
  [part: string]: boolean | number | string;
}

/** What whoever runs a process may ask it. */
export interface Operations {
  ready: () => Promise<Readiness>;
  metrics: Metrics;
  /** Bearer token of a metrics collector, which cannot sign requests; absent = signed requests only. */
  token?: string;
  /** @throws Problem unless the request proves to be from somebody who may read metrics: even volumes by agency are not for everybody */
  prove: (request: FastifyRequest) => Promise<unknown>;
}

/** Liveness says that the event loop turns, readiness that the process could do its work now. */
@Controller('health')
export class HealthController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  @Get('live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { ready, ...parts } = await this.operations.ready();
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', ...parts };
  }
}

/** `/metrics` in Prometheus' text format. Labels are ids and codes with a bounded set of values. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  async expose(@Req() request: FastifyRequest): Promise<string> {
    const { metrics, token, prove } = this.operations;
    if (!holdsToken(request.headers.authorization, token)) await prove(request);
    return metrics.registry.metrics();
  }
}

/** The controllers that every HTTP process has beside its own. */
export const operationsControllers = [HealthController, MetricsController];

function holdsToken(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || header === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header), digest(`Bearer ${token}`));
}
