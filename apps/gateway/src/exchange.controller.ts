import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { isUuid, refuseParameters } from '#http';
import { Problem } from '#problem';
import { GATEWAY, type GatewayParts } from './parts.js';
import { identify } from './pipeline/identify.js';

/** State and receipts of an exchange, read from this node's own log: whose it is not, for him it does not exist. */
@Controller('v1/exchanges')
export class ExchangeController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  @Get(':id')
  async state(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { agency } = await identify(this.gateway, request);
    refuseParameters(request.url);
    const state = isUuid(id) ? await this.gateway.states.of(id) : undefined;
    if (state) return state;
    this.gateway.node.security.record({ code: 'not-found', claimed: agency.id, topic: 'http' });
    throw new Problem('not-found');
  }
}
