import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { GATEWAY, type GatewayParts } from './parts.js';
import { identifyReader } from './pipeline/identify.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** State and receipts of an exchange, read from this node's own log: whose it is not, for him it does not exist. */
@Controller('v1/exchanges')
export class ExchangeController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  @Get(':id')
  async state(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    await identifyReader(this.gateway, request);
    if (!UUID.test(id)) throw new Problem('not-found');
    const state = await this.gateway.states.of(id);
    if (!state) throw new Problem('not-found');
    return state;
  }
}
