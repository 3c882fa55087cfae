import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { AUDIT, type AuditParts } from './parts.js';

/** For whoever runs the process. */
@Controller('health')
export class HealthController {
  constructor(@Inject(AUDIT) private readonly audit: AuditParts) {}

  @Get('live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const database = await this.audit.isReachable();
    void reply.status(database ? 200 : 503);
    return {
      status: database ? 'ok' : 'unavailable',
      database,
      registry: this.audit.registry.current.number,
    };
  }
}
