import { createHash } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type BundleInForce, type PublishedBundle } from '#exchange';
import { DtoBodyPipe, refuseParameters } from '#http';
import { messageHeaders, topics } from '#messaging';
import { isRecorded } from '#node';
import { Problem } from '#problem';
import { BundleDto } from './admin.dto.js';
import { GATEWAY, type GatewayParts } from './parts.js';
import { identify } from './pipeline/identify.js';

/** What the agency's own administrators do here: put a bundle in force that they signed with the agency's scheme key. */
@Controller('v1/admin')
export class AdminController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  /**
   * The bundle of this agency that its node has in force, read anew from the database: another process may have taken a
   * newer one. What a next bundle is made against, and the number that it has to exceed.
   */
  @Get('bundle')
  async inForce(@Req() request: FastifyRequest): Promise<BundleInForce> {
    const { node } = this.gateway;
    await identify(this.gateway, request);
    refuseParameters(request.url);
    const provider = node.agency.id;
    const active = await this.active(provider);
    const newest = node.bundles.newest(provider);
    return { provider, bundle: active?.number ?? null, note: active?.note ?? null, newest };
  }

  /** Nothing is in force by a row that is not believed; the bundles have told the security log. */
  private async active(provider: string): Promise<{ number: number; note: string } | undefined> {
    const { bundles } = this.gateway.node;
    try {
      await bundles.refresh(provider);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
    return bundles.active(provider);
  }

  /**
   * Puts a signed bundle of this agency in force: recorded in the log, stored for this node's processes, published to the
   * others, in this order: what ends midway leaves an entry without effect, never an effect without entry, and is mended by
   * bringing the bundle again. The signature on the bundle is what counts; the one on the request says who brought it.
   */
  @Post('bundles')
  @HttpCode(200)
  async publish(@Req() request: FastifyRequest, @Body() body: Buffer): Promise<PublishedBundle> {
    const { node } = this.gateway;
    await identify(this.gateway, request, body);
    refuseParameters(request.url);
    const provider = node.agency.id;
    const { note, number, changed } = await this.take(provider, body);
    await node.broker.publish(topics.bundle(), [
      {
        key: provider,
        headers: messageHeaders({ source: node.origin, type: 'sharing.bundle', subject: provider }),
        value: Buffer.from(note),
      },
    ]);
    return { provider, bundle: number, changed };
  }

  /** A bundle that is refused is noted: somebody with a key of this agency tried to put it in force. */
  private async take(provider: string, body: Buffer): Promise<Taken> {
    const { node } = this.gateway;
    try {
      const { note } = new DtoBodyPipe(BundleDto).transform(body);
      const { number } = node.bundles.checkNext(provider, note);
      await this.record(provider, number, note);
      return { note, number, changed: await node.bundles.offer(provider, note) };
    } catch (error) {
      const { problem, status } = Problem.from(error);
      if (status < 500) node.security.record({ code: problem, claimed: provider, topic: 'http' });
      throw error;
    }
  }

  private async record(provider: string, bundle: number, note: string): Promise<void> {
    const { node } = this.gateway;
    const told = { bundle, sha256: createHash('sha256').update(note).digest('base64url') };
    if (await isRecorded(node.database, provider, told)) return;
    await node.log.append({
      kind: 'scheme',
      exchange: crypto.randomUUID(),
      from: provider,
      to: provider,
      bundle,
      private: { note: told },
    });
  }
}

/** A bundle that was brought; `changed` when it was not in force before. */
interface Taken {
  note: string;
  number: number;
  changed: boolean;
}
