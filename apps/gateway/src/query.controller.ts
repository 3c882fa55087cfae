import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type CallAnswer } from '#exchange';
import { continueTrace } from '#messaging';
import { currentTraceparent } from '#observability';
import { answerQuery } from './pipeline/index.js';
import { GATEWAY, type GatewayParts } from './parts.js';
import { rateLimitHeaders, retryHeader } from './rate-limit.js';

/** One route for every query: what a query is stands in its contract, not in a route of its own. */
@Controller('v1/queries')
export class QueryController {
  constructor(@Inject(GATEWAY) private readonly gateway: GatewayParts) {}

  @Post(':code')
  async ask(
    @Param('code') code: string,
    @Body() body: Buffer | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { headers } = request;
    const answered = await this.gateway.observe.timed(code, () =>
      answerQuery(this.gateway, {
        method: request.method,
        url: request.url,
        headers,
        body: body ?? Buffer.alloc(0),
        code,
        receivedAt: this.gateway.node.clock(),
        traceparent: currentTraceparent() ?? continueTrace(textOf(headers.traceparent)),
      }),
    );
    const failed = answered.status !== 200;
    void reply
      .status(answered.status)
      .headers(
        failed
          ? retryHeader(answered.body as { retryAfter?: unknown })
          : rateLimitHeaders((answered.body as CallAnswer).exchanges),
      )
      .header(
        'content-type',
        failed ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8',
      )
      .header('cache-control', 'no-store');
    return answered.body;
  }
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
