import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { DtoBodyPipe, refuseParameters } from '#http';
import { proveRequest } from '#identity';
import { topics } from '#messaging';
import { Problem } from '#problem';
import { MONITOR, type MonitorParts } from '../parts.js';
import { RegistryDto } from './registry.dto.js';

/** Where the province brings its next registry. */
@Controller('v1')
export class RegistryController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  /**
   * Puts a signed registry in force at every node. It is believed for the province's signature and its number alone; the
   * signature on the request, of an agency of class `data`, says who brought it.
   */
  @Post('registry')
  @HttpCode(200)
  async publish(@Req() request: FastifyRequest, @Body() body: Buffer): Promise<unknown> {
    const { agency } = await proveRequest(this.monitor, request, body);
    if (agency.class !== 'data') throw new Problem('not-entitled');
    refuseParameters(request.url);
    const { note } = new DtoBodyPipe(RegistryDto).transform(body);
    const changed = await this.take(agency.id, note);
    return { registry: this.monitor.registry.current.number, changed };
  }

  /** A registry that is refused is noted: somebody with a key of the province's agency tried to put it in force. */
  private async take(claimed: string, note: string): Promise<boolean> {
    try {
      return await this.monitor.publisher.publish(note);
    } catch (error) {
      const { problem, status } = Problem.from(error);
      const hash = createHash('sha256').update(note).digest();
      if (status < 500)
        this.monitor.security.record({ code: problem, claimed, topic: topics.registry(), hash });
      throw error;
    }
  }
}
