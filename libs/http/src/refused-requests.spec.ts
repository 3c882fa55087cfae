import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Param, Post, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { createLogger } from '#observability';
import { Problem } from '#problem';
import { refuseParameters, startHttp, type RunningHttp } from './index.js';

@Controller('v1')
class ThingController {
  @Get('exchanges/:id') one(@Param('id') _id: string): never {
    throw new Problem('not-found');
  }

  @Post('queries/:code') @HttpCode(200) ask(@Req() { url }: FastifyRequest, @Body() body: Buffer): unknown {
    refuseParameters(url);
    return { bytes: body.length };
  }

  @Get('files/*') file(): never {
    throw new Problem('not-found');
  }
}

@Module({ controllers: [ThingController] })
class ThingModule {}

const ID = '990101198503120010';
const noted: string[] = [];
let http: RunningHttp;
beforeAll(async () => {
  const onRefused = ({ problem }: Problem): unknown => noted.push(problem);
  http = await startHttp(ThingModule, {
    ...{ host: '127.0.0.1', port: 0, logger: createLogger('silent'), onRefused },
  });
});
afterAll(() => http.close());
beforeEach(() => void noted.splice(0));

/** Bytes as they are, and what comes back until the connection ends. */
function raw(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    connect(Number(new URL(http.url).port), '127.0.0.1')
      .setEncoding('utf8')
      .on('data', (text: string) => (received += text))
      .on('error', reject)
      .on('close', () => resolve(received))
      .write(bytes);
  });
}

const told = (text: string): unknown[] => {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const { code, field } = JSON.parse(body || '{}') as { code?: number; field?: string };
  return [Number(head.split(' ')[1]), /content-type: ([^;\r]+)/i.exec(head)?.[1], code, field];
};
const END = 'connection: close\r\n\r\n';
const PROBLEM = 'application/problem+json';

describe('a request that no controller sees', () => {
  test.each([
    [
      'with a path that cannot be decoded',
      `GET /v1/exchanges/${ID}%zz HTTP/1.1\r\nhost: a\r\n${END}`,
      '@path',
    ],
    ['with an endless id', `GET /v1/exchanges/${ID.repeat(20)} HTTP/1.1\r\nhost: a\r\n${END}`, '@path'],
    ['without a host', `GET /v1/exchanges/${ID} HTTP/1.1\r\n${END}`, 'host'],
    ['that expects what nobody does', `GET /v1/exchanges/${ID} HTTP/1.1\r\nhost: a\r\nexpect: ${ID}\r\n${END}`, 'expect'], // prettier-ignore
  ])('%s is refused as malformed and noted, and nothing of it is repeated', async (_what, bytes, field) => {
    const text = await raw(bytes);
    expect(told(text)).toEqual([400, PROBLEM, 4016, field]);
    expect(text).not.toContain(ID);
    expect(noted).toEqual(['malformed-request']);
  });

  test('of HTTP/1.0 needs no host', async () => {
    expect(told(await raw(`GET /v1/exchanges/1 HTTP/1.0\r\n\r\n`))).toEqual([404, PROBLEM, 4040, undefined]);
  });

  test.each([
    ['that says it is packed', 'application/json', { 'content-encoding': 'gzip' }, 'content-encoding'],
    [
      'that is packed',
      'application/json',
      { 'content-encoding': 'gzip' },
      'content-encoding',
      gzipSync('{}'),
    ],
    ['packed twice', 'application/json', { 'content-encoding': 'identity, br' }, 'content-encoding'],
    ['in UTF-16', 'application/json; charset=utf-16', {}, 'content-type'],
    ['in two charsets', 'application/json; charset=utf-8; charset=utf-16', {}, 'content-type'],
    ['in a charset without a name', 'application/json; charset=', {}, 'content-type'],
    ['in a charset without anything', 'application/json; charset', {}, 'content-type'],
    [
      'in another charset after something else',
      'application/json; a="b\\";c"; Charset="gbk"',
      {},
      'content-type',
    ],
  ])(
    'with a body %s is refused for its media type and noted',
    async (_what, type, more, field, body: string | Buffer<ArrayBuffer> = '{}') => {
      // prettier-ignore
      const headers = { 'content-type': type, ...more } as Record<string, string>;
      const answer = await fetch(`${http.url}/v1/queries/HR-SI-01`, { method: 'POST', headers, body });
      expect([answer.status, await answer.json()]).toEqual([
        415,
        expect.objectContaining({ code: 4150, field }),
      ]);
      expect(noted).toEqual(['media-type']);
    },
  );

  test.each([
    ['application/json', {}],
    ['application/json; charset=utf-8', {}],
    ['Application/JSON;charset="UTF-8"', {}],
    ['application/json; charset=utf8', {}],
    ['application/json;', {}],
    ['application/json; charset=UTF-8;', {}],
    ['application/json; profile="a;charset=utf-16"; version=1', {}],
    ['application/json', { 'content-encoding': 'identity' }],
  ])('is none with the type %s and %j', async (type, more) => {
    const headers = { 'content-type': type, ...more };
    const answer = await fetch(`${http.url}/v1/queries/HR-SI-01`, { method: 'POST', headers, body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([200, { bytes: 2 }]);
  });
});

describe('parameters in the address', () => {
  const post = (search: string): Promise<Response> =>
    fetch(`${http.url}/v1/queries/HR-SI-01${search}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    });

  test.each(['?a=1', `?${ID}`, '?fields=', '?=', '?&'])(
    'where none are taken are refused: %s',
    async (search) => {
      const answer = await post(search);
      const text = await answer.text();
      expect([answer.status, text]).toEqual([422, expect.stringContaining('"code":4003')]);
      expect(JSON.parse(text)).toMatchObject({ field: '(unknown)' });
      expect(text).not.toContain(ID);
    },
  );

  test('are none where nothing follows the mark', async () => {
    expect((await post('?')).status).toBe(200);
  });
});

describe('the instance of a problem', () => {
  test.each([
    [
      '/v1/exchanges/0ad1a6a6-95b8-4e2b-9f0c-2f6a5f0c2d11',
      '/v1/exchanges/0ad1a6a6-95b8-4e2b-9f0c-2f6a5f0c2d11',
    ],
    ['/v1/exchanges/E12345678', '/v1/exchanges/:id'],
    ['/v1/exchanges/990101-19850312-0010', '/v1/exchanges/:id'],
    [`/v1/exchanges/${ID}?x=1`, '/v1/exchanges/:id'],
    ['/v1/exchanges/%E6%9D%8E%E5%9B%9B', '/v1/exchanges/:id'],
    ['/v1/files/990101-19850312-0010/a', '/v1/files/*'],
    ['/v1/zhangsan', undefined],
    ['/', undefined],
  ])('of %s is %s', async (path, instance) => {
    // prettier-ignore
    const answer = await fetch(`${http.url}${path}`);
    const body = (await answer.json()) as { code: number; instance?: string };
    expect([body.code, body.instance]).toEqual([4040, instance]);
  });

  test.each([
    ['HR-SI-01', 'HR-SI-01'],
    ['PF-01@2', 'PF-01@2'],
    ['E12345678', ':code'],
    ['HR-SI-01-19850312', ':code'],
  ])('of a query %s names %s', async (code, named) => {
    const answer = await fetch(`${http.url}/v1/queries/${code}?a=1`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ instance: `/v1/queries/${named}` });
  });
});
