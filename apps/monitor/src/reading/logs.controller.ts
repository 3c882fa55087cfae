import { Controller, Get, Header, Inject, Query, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { readLogs } from '../mirror/log-row.js';
import { readBehind } from '../mirror/seen.js';
import { MONITOR, type MonitorParts } from '../parts.js';
import { readAlarms } from '../watching/alarms.js';
import { identifyReader } from './identify-reader.js';
import { oneOf, refuseUnknown, type Parameters } from './parameters.js';

/** How the mirrored logs are, and what is wrong with them. */
@Controller('v1')
export class LogsController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  /** `lag`: entries that were signed and are not mirrored yet. */
  @Get('logs')
  @Header('cache-control', 'no-store')
  async logs(@Query() query: Parameters, @Req() request: FastifyRequest): Promise<unknown> {
    const { only } = await identifyReader(this.monitor, request);
    refuseUnknown(query, []);
    const { pool, clock } = this.monitor;
    const [logs, behind, alarms] = await Promise.all([
      readLogs(pool),
      readBehind(pool),
      readAlarms(pool, { state: 'open', ...(only !== undefined && { agency: only }) }),
    ]);
    const mine = logs.filter(({ origin }) => only === undefined || origin.startsWith(`${only}/`));
    return {
      at: new Date(clock()).toISOString(),
      logs: mine.map(({ origin, edge, state, grownAt, note }) => ({
        origin,
        size: edge.size,
        lag: Math.max(0, (behind.get(origin)?.size ?? 0) - edge.size),
        state,
        alarms: alarms.filter((alarm) => alarm.origin === origin).map(({ kind }) => kind),
        grownAt: grownAt.toISOString(),
        ...(note !== undefined && { checkpoint: note }),
      })),
    };
  }

  /** Each with the signed checkpoints that prove it. */
  @Get('alarms')
  @Header('cache-control', 'no-store')
  async alarms(@Query() query: Parameters, @Req() request: FastifyRequest): Promise<unknown> {
    const { only } = await identifyReader(this.monitor, request);
    refuseUnknown(query, ['state']);
    const state = oneOf(query, 'state', ['open', 'all'] as const, 'open');
    return {
      alarms: await readAlarms(this.monitor.pool, { state, ...(only !== undefined && { agency: only }) }),
    };
  }
}
