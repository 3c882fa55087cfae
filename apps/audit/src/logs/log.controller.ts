import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { identifyReader } from '../identify-reader.js';
import { AUDIT, type AuditParts } from '../parts.js';
import { parseLogPath } from './log-path.js';
import { readLogResource } from './log-resources.js';

/**
 * The node's logs as C2SP tlog-tiles: checkpoints and hash tiles are open on the agencies' network (leaves are salted),
 * entries are for their owner, the monitor and auditors.
 */
@Controller('logs')
export class LogController {
  constructor(@Inject(AUDIT) private readonly audit: AuditParts) {}

  @Get('*')
  async serve(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const named = parseLogPath(request.url);
    if (!named) throw new Problem('not-found');
    if (named.resource.what === 'entries') await this.requireEntitled(request);
    const { body, type, cache } = await readLogResource(this.audit.reader, named.origin, named.resource);
    void reply.header('content-type', type).header('cache-control', cache);
    return body;
  }

  private async requireEntitled(request: FastifyRequest): Promise<void> {
    const { isOwner, isAuditor, isMonitor } = await identifyReader(this.audit, request);
    if (!isOwner && !isAuditor && !isMonitor) throw new Problem('not-entitled');
  }
}
