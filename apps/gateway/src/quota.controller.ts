import { Controller, Get, Inject, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { refuseParameters } from '#http';
import { GATEWAY, type GatewayParts } from './parts.js';
import { identify } from './pipeline/identify.js';

/** What every grant of this agency allows per day, and what is left of it by its provider's last word. */
@Controller('v1/quotas')
export class QuotaController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  @Get()
  async left(@Req() request: FastifyRequest): Promise<unknown> {
    await identify(this.gateway, request);
    refuseParameters(request.url);
    return { quotas: await this.gateway.quotas.all() };
  }
}
