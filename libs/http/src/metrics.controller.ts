import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Metrics } from '#observability';

/** Injection token of a process's {@link MetricsAccess}. */
export const METRICS = Symbol('metrics');

/** A process's metrics and who may read them: even volumes by agency are not for everybody. */
export interface MetricsAccess {
  metrics: Metrics;
  /** Bearer token of the collector, which cannot sign requests; absent = signed requests only. */
  token?: string;
  /** @throws Problem unless the request proves to be from somebody who may read */
  prove: (request: FastifyRequest) => Promise<unknown>;
}

/** `/metrics` in Prometheus' text format. Labels are ids and codes with a bounded set of values. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly access: MetricsAccess) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  async expose(@Req() request: FastifyRequest): Promise<string> {
    const { metrics, token, prove } = this.access;
    if (!holdsToken(request.headers.authorization, token)) await prove(request);
    return metrics.registry.metrics();
  }
}

function holdsToken(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || header === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header), digest(`Bearer ${token}`));
}
