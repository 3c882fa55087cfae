import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { MONITOR, type MonitorParts } from '../parts.js';

/** For whoever runs the process. */
@Controller('health')
export class HealthController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  @Get('live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { pool, registry } = this.monitor;
    const database = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    void reply.status(database ? 200 : 503);
    return { status: database ? 'ok' : 'unavailable', database, registry: registry.current.number };
  }
}
