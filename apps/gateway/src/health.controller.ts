import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { GATEWAY, type GatewayParts } from './parts.js';

/** For whoever runs the process. Liveness says the event loop turns; readiness that a question could be answered now. */
@Controller('health')
export class HealthController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  @Get('live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { node } = this.gateway;
    const log = node.log.health().state === 'writing';
    const database = await node.database.pool.query('select 1').then(
      () => true,
      () => false,
    );
    const ready = log && database;
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', log, database, registry: node.registry.current.number };
  }
}
