import { type Socket } from 'node:net';
import { type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { nestLogger, type Logger } from '#observability';
import { type Problem } from '#problem';
import { ProblemFilter } from './problem.filter.js';
import { refuseAddress, refuseConnection, refuseEarly } from './refuse-early.js';
import { traceRequests } from './trace-requests.js';

/** 1,000 subjects with claims are about 200 KiB; nothing of ours is larger. */
const BODY_LIMIT = 512 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/**
 * Node looks for requests past their time each half minute, and exchanges the two timeouts when the one for headers, 60 s
 * by default, is the longer one: a body could then drip for a minute.
 */
const SERVER = {
  headersTimeout: REQUEST_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
  requireHostHeader: false, // refused where the refusal is told and noted
};
/** What is in flight has this long to be answered when the server closes. */
const CLOSE_MS = 5_000;

export interface HttpOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** PEM texts; absent = plain HTTP, for loopback or behind a TLS terminator. */
  tls?: { key: string; cert: string; ca?: string };
  logger: Logger;
  /** Told of what was refused before any controller saw it: too large, too slow, not HTTP. */
  onRefused?: (problem: Problem) => void;
  /** Adds what is not a controller (static pages) before the server listens. */
  configure?: (fastify: FastifyInstance) => Promise<void>;
}

export interface RunningHttp {
  app: NestFastifyApplication;
  /** `http://127.0.0.1:8080` */
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a Nest module on Fastify the way every HTTP process of ours runs: bodies reach controllers as raw bytes (they are
 * signed), every error is a problem document, slow senders are cut off, and closing answers what is in flight.
 */
export async function startHttp(module: Type | DynamicModule, options: HttpOptions): Promise<RunningHttp> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: SERVER,
    connectionTimeout: 0,
    keepAliveTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    exposeHeadRoutes: false,
    clientErrorHandler: (error: Error, socket: Socket) => refuseConnection(error, socket, options.onRefused),
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) =>
      refuseAddress(request, reply, options.onRefused),
    ...(options.tls && { https: { ...options.tls, ...SERVER } }),
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(options.logger),
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter(options.logger, options.onRefused));
  const fastify: FastifyInstance = adapter.getInstance<FastifyInstance>();
  traceRequests(fastify);
  takeRawBodies(fastify);
  refuseEarly(fastify, options.onRefused);
  closePolitely(fastify);
  await options.configure?.(fastify);
  await app.listen(options.port, options.host);
  return { app, url: urlOf(fastify, options), close: () => closeWithin(CLOSE_MS, app, fastify) };
}

function takeRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

/** A browser keeps connections open on which it has asked nothing: they are no reason to wait. */
async function closeWithin(ms: number, app: NestFastifyApplication, fastify: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => fastify.server.closeAllConnections(), ms);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** A keep-alive connection would hold `close()` for a minute: once closing, every answer ends its connection. */
function closePolitely(fastify: FastifyInstance): void {
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done(null, payload);
  });
}

function urlOf(fastify: FastifyInstance, options: HttpOptions): string {
  const address = fastify.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return `${options.tls ? 'https' : 'http'}://${options.host}:${port}`;
}
