import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import request from 'supertest';
import { createLogger, inSpan, startTracing, type Tracing } from '#observability';
import { Problem } from '#problem';
import { Collector, type CollectedSpan } from '../../../test/support/collector.js';
import { startHttp, type RunningHttp } from './index.js';

@Controller('v1')
class QueryController {
  @Post('queries/:code') ask(@Body() body: Buffer): Promise<unknown> {
    return inSpan('step', {}, async () => {
      await sleep(1);
      return { bytes: body.length };
    });
  }

  @Get('refused') refused(): never {
    throw new Problem('burst', { detail: 'marked' });
  }

  @Get('crash') crash(): never {
    throw new Error('marked');
  }
}

@Module({ controllers: [QueryController] })
class QueryModule {}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('a traced request', () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await Collector.start();
    const logger = createLogger('silent');
    const { endpoint } = collector;
    const tracing: Tracing = await startTracing({
      endpoint,
      agency: 'a',
      role: 'gateway',
      ordinal: 0,
      logger,
    });
    const http = await startHttp(QueryModule, { host: '127.0.0.1', port: 0, logger });
    await requests(http);
    await http.close();
    await tracing.shutdown();
  });
  afterAll(() => collector.close());

  async function requests({ url }: RunningHttp): Promise<void> {
    const ask = (): request.Test =>
      request(url).post('/v1/queries/marked?id=marked').type('application/json');
    await ask().set('traceparent', `00-${TRACE}-00f067aa0ba902b7-01`).send('{"a":"marked"}').expect(201);
    await ask().set('traceparent', '00-marked').send('{}').expect(201);
    await ask().type('text/plain').send('marked').expect(415);
    await request(url).get('/v1/refused').expect(429);
    await request(url).get('/v1/crash').expect(500);
    await request(url).get('/marked').expect(404);
  }

  const spans = (name: string): CollectedSpan[] => collector.spans.filter((span) => span.name === name);

  test('is named after its route, continues its sender’s trace, and holds what is done for it', () => {
    const [asked] = spans('POST /v1/queries/:code');
    expect(asked).toMatchObject({
      kind: 2,
      traceId: TRACE,
      parentSpanId: '00f067aa0ba902b7',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/queries/:code',
        'http.response.status_code': 201,
      },
      status: { code: 0 },
    });
    expect(spans('step')[0]).toMatchObject({ parentSpanId: asked!.spanId });
  });

  test('begins a trace of its own when the one it names is malformed', () => {
    const [, asked] = spans('POST /v1/queries/:code');
    expect([asked!.parentSpanId ?? '', asked!.traceId === TRACE]).toEqual(['', false]);
  });

  test('says with what it was refused, and fails only with what is ours', () => {
    const ends = ['GET /v1/refused', 'GET /v1/crash', 'GET'].map((name) => spans(name)[0]!);
    expect(ends.map(({ attributes, status }) => [attributes['problem'], status])).toEqual([
      ['burst', { code: 0 }],
      ['internal', { code: 2, message: 'internal' }],
      ['not-found', { code: 0 }],
    ]);
    const [, , refused] = spans('POST /v1/queries/:code');
    expect(refused!.attributes).toMatchObject({ 'http.response.status_code': 415, problem: 'media-type' });
  });

  test('holds neither path nor query nor body nor message', () => {
    expect(Buffer.concat(collector.bodies).toString()).not.toContain('marked');
  });
});
