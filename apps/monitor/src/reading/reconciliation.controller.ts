import { Controller, Get, Header, Inject, Query, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { isUuid } from '#http';
import { Problem } from '#problem';
import { FAULTS } from '../counting/judge.js';
import { MONITOR, type MonitorParts } from '../parts.js';
import { identifyReader } from './identify-reader.js';
import { oneOf, refuseUnknown, text, wholeNumber, type Parameters } from './parameters.js';
import { readDifferences, reconcile, type DifferenceFilter } from './reconciliation.js';

/** Whether what was asked, what left and what arrived are the same, by all three logs. */
@Controller('v1/reconciliation')
export class ReconciliationController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  @Get()
  @Header('cache-control', 'no-store')
  async total(@Query() query: Parameters, @Req() request: FastifyRequest): Promise<unknown> {
    const { only } = await identifyReader(this.monitor, request);
    refuseUnknown(query, []);
    return reconcile(this.monitor.pool, this.monitor.clock(), only);
  }

  @Get('differences')
  @Header('cache-control', 'no-store')
  async differences(@Query() query: Parameters, @Req() request: FastifyRequest): Promise<unknown> {
    const { only } = await identifyReader(this.monitor, request);
    const at = this.monitor.clock();
    const filter = differenceFilter(query);
    const rows = await readDifferences(this.monitor.pool, at, {
      ...filter,
      ...(only !== undefined && { only }),
    });
    const next = rows.length === filter.limit ? rows.at(-1)!.exchange : undefined;
    return { at: new Date(at).toISOString(), differences: rows, ...(next !== undefined && { next }) };
  }
}

function differenceFilter(query: Parameters): DifferenceFilter {
  refuseUnknown(query, ['kind', 'requester', 'provider', 'after', 'limit']);
  const [requester, provider, after] = ['requester', 'provider', 'after'].map((name) => text(query, name));
  if (after !== undefined && !isUuid(after)) throw new Problem('schema-invalid', { field: 'after' });
  return {
    ...(query['kind'] !== undefined && { kind: oneOf(query, 'kind', FAULTS) }),
    ...(requester !== undefined && { requester }),
    ...(provider !== undefined && { provider }),
    ...(after !== undefined && { after }),
    limit: wholeNumber(query, 'limit', { least: 1, most: 1_000, otherwise: 100 }),
  };
}
