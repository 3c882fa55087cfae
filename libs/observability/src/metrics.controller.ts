import { Controller, Get, Header, Inject } from '@nestjs/common';
import { type Metrics } from './metrics.js';

/** Injection token of a process's metrics. */
export const METRICS = Symbol('metrics');

/** `/metrics` in Prometheus' text format. Labels are ids and codes with a bounded set of values. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  expose(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
