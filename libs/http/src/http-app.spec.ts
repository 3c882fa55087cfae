import { once } from 'node:events';
import { connect } from 'node:net';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { json as jsonOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { IsInt, IsString, Max } from 'class-validator';
import request from 'supertest';
import { createLogger } from '#observability';
import { Problem } from '#problem';
import { selfSigned } from '#testing';
import { DtoBodyPipe, startHttp, type RunningHttp } from './index.js';

class NoteDto {
  @IsString() text: string;
  @IsInt() @Max(9) level: number;
}

@Controller()
class NoteController {
  @Post('raw') raw(@Body() body: Buffer): unknown {
    return { bytes: body.length, isBuffer: Buffer.isBuffer(body) };
  }

  @Post('dto') dto(@Body(new DtoBodyPipe(NoteDto)) note: NoteDto): unknown {
    return { isDto: note instanceof NoteDto, level: note.level };
  }

  @Get('crash') crash(): never {
    throw new Error('relation "secret_table" does not exist');
  }

  @Get('slow') async slow(): Promise<unknown> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  }

  @Get('busy') busy(): never {
    throw new Problem('burst', { extensions: { retryAfter: 3 } });
  }
}

@Module({ controllers: [NoteController] })
class NoteModule {}

const lines: string[] = [];
const logger = createLogger('info', { write: (line: string) => void lines.push(line) });
let http: RunningHttp;
beforeAll(async () => {
  http = await startHttp(NoteModule, { host: '127.0.0.1', port: 0, logger });
});
afterAll(() => http.close());

const get = (path: string): request.Test => request(http.url).get(path);
const post = (path: string, body: string | Buffer, type = 'application/json'): request.Test =>
  request(http.url).post(path).type(type).serialize(String).send(body.toString());

const problem = (name: string, status: number, title: string, code: number, instance?: string): object => ({
  type: `urn:exchange-gateway:problem:${name}`,
  title,
  status,
  code,
  ...(instance !== undefined && { instance }),
});

describe('an HTTP process', () => {
  test('hides what a crash said, in the answer and in the log', async () => {
    const answer = await get('/crash').expect('content-type', 'application/problem+json; charset=utf-8');
    expect(answer.body).toEqual(problem('internal', 500, '内部错误', 5000, '/crash'));
    expect(lines.join('')).not.toContain('secret_table');
  });

  test.each([
    ['an unknown field', { text: 'a', level: 1, more: true }, '/', 'unknown member'],
    ['a person for a field', { text: 'a', level: 1, 李四990101198503120010: 1 }, '/', 'unknown member'],
    ['a field that is nearly one', { Text: 'a', level: 1 }, '/', 'unknown member, text may be meant'],
    ['a wrong type', { text: 1, level: 1 }, '/text', 'isString'],
    ['a value out of range', { text: 'a', level: 10 }, '/level', 'max'],
  ])(
    'refuses %s in an administrative body and names it, if it is one',
    async (_what, body, field, detail) => {
      const answer = await post('/dto', JSON.stringify(body));
      expect(answer.body).toMatchObject({ code: 4003, status: 422, field, detail });
    },
  );

  test('gives a controller its DTO', async () => {
    await post('/dto', '{"text":"a","level":1}').expect(201, { isDto: true, level: 1 });
  });

  test('gives a controller the raw bytes', async () => {
    await post('/raw', '{ "a" : 1 }').expect(201, { bytes: 11, isBuffer: true });
  });

  test('answers an unknown path, an oversized body and a foreign media type in problems', async () => {
    expect((await get('/nothing?id=1')).body).toEqual(problem('not-found', 404, '没有找到', 4040));
    expect((await post('/raw', Buffer.alloc(600_000, 0x20))).body).toEqual(
      problem('body-too-large', 413, '请求体过大', 4130, '/raw'),
    );
    expect((await post('/raw', '<a/>', 'text/xml')).body).toEqual(
      problem('media-type', 415, '不支持的内容类型', 4150, '/raw'),
    );
  });

  test('says how long to wait', async () => {
    await get('/busy').expect(429).expect('retry-after', '3');
  });

  test('does not wait for a connection on which nothing was asked', async () => {
    const other = await startHttp(NoteModule, { host: '127.0.0.1', port: 0, logger });
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const started = Date.now();
    await other.close();
    expect(Date.now() - started).toBeLessThan(8_000);
    socket.destroy();
  });

  test('closes within a second and answers what is in flight', async () => {
    const other = await startHttp(NoteModule, { host: '127.0.0.1', port: 0, logger });
    const inFlight = new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${other.url}/slow`, { headers: { connection: 'keep-alive' } }, resolve)
        .on('error', reject)
        .end();
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = Date.now();
    const [answer] = await Promise.all([inFlight, other.close()]);
    expect(answer.statusCode).toBe(200);
    expect(Date.now() - started).toBeLessThan(1500);
  });
});

describe('an HTTP process with a key and certificate', () => {
  let secured: RunningHttp;
  beforeAll(async () => {
    const tls = { key: selfSigned.key, cert: selfSigned.cert };
    secured = await startHttp(NoteModule, { host: '127.0.0.1', port: 0, logger, tls });
  });
  afterAll(() => secured.close());

  const answer = (path: string, ca: string | undefined): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpsGet(`${secured.url}${path}`, { ...(ca !== undefined && { ca }), agent: false }, resolve).on(
        'error',
        reject,
      );
    });

  test('is not believed by who does not trust the certificate', async () => {
    await expect(answer('/slow', undefined)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('refuses plain HTTP, and answers nobody in the clear', async () => {
    const plain = request(secured.url.replace('https:', 'http:')).get('/slow');
    await expect(plain).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|HPE_/) as unknown });
  });

  test('answers over https, in problems too', async () => {
    expect(secured.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const [done, missing] = [
      await answer('/slow', selfSigned.cert),
      await answer('/nothing', selfSigned.cert),
    ];
    expect([done.statusCode, await jsonOf(done)]).toEqual([200, { done: true }]);
    expect([missing.statusCode, await jsonOf(missing)]).toEqual([
      404,
      problem('not-found', 404, '没有找到', 4040),
    ]);
  });
});
