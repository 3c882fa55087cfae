import { Controller, Get, Header, Inject, Query, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { MONITOR, type MonitorParts } from '../parts.js';
import { identifyReader } from './identify-reader.js';
import { readVolumes, volumeQuery } from './volumes.js';

/** How much is exchanged, counted from the logs. */
@Controller('v1/volumes')
export class VolumesController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  @Get()
  @Header('cache-control', 'no-store')
  async volumes(@Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<unknown> {
    const { only } = await identifyReader(this.monitor, request);
    const asked = volumeQuery(query, this.monitor.clock(), only);
    const { unit, from, to, by } = asked;
    const rows = await readVolumes(this.monitor.pool, asked);
    return { unit, from: new Date(from).toISOString(), to: new Date(to).toISOString(), by, rows };
  }
}
