import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem, type ProblemName } from '#problem';
import { sendProblem } from './problem.filter.js';

/** Told of every request that is refused here. */
export type OnRefused = ((problem: Problem) => void) | undefined;

/** RFC 8259 knows no parameter: what others say means nothing, and `charset`, which many send, may only say what is so. */
const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** Each parameter, its value perhaps quoted, perhaps not there (RFC 9110 §5.6.6). */
const PARAMETERS = /;\s*([^\s=;]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;]*))?/g;
const UTF_8 = /^("utf-?8"|utf-?8)$/i;

/** Refuses what no controller may see, whatever its path: framing that has gone wrong, bodies that are not JSON as it is. */
export function refuseEarly(fastify: FastifyInstance, onRefused: OnRefused): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const problem = badFraming(request) ?? foreignBody(request);
    if (!problem) return done();
    onRefused?.(problem);
    sendProblem(request, reply, problem);
  });
  fastify.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    refuseExpectation(response, onRefused),
  );
}

/** Node's own answer to a missing host is an empty one (`requireHostHeader`), which nobody is told of. */
function badFraming({ headers, raw }: FastifyRequest): Problem | undefined {
  const isMissing = headers.host === undefined && raw.httpVersion !== '1.0';
  return isMissing ? new Problem('malformed-request', { field: 'host' }) : undefined;
}

/** Nothing here unpacks or recodes a body: one that says it is packed is read as it is by nobody. */
function foreignBody({ headers }: FastifyRequest): Problem | undefined {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    return new Problem('media-type', { field: 'content-encoding', detail: 'bodies are not packed' });
  if (type === undefined) return undefined;
  if (!JSON_TYPE.test(type)) return new Problem('media-type');
  if (!isUtf8(type)) return new Problem('media-type', { field: 'content-type', detail: 'not UTF-8' });
  return undefined;
}

function isUtf8(type: string): boolean {
  return [...type.matchAll(PARAMETERS)]
    .filter(([, name]) => name!.toLowerCase() === 'charset')
    .every(([, , value = '']) => UTF_8.test(value.trim()));
}

/** An expectation other than `100-continue` may be met by nobody (RFC 9110 §10.1.1). */
function refuseExpectation(response: ServerResponse, onRefused: OnRefused): void {
  const problem = new Problem('malformed-request', { field: 'expect' });
  onRefused?.(problem);
  const { status, headers, body } = written(problem);
  response.writeHead(status, headers).end(body);
}

/** What the router cannot read: a path that does not decode, an endless parameter. Its own answer would repeat the path. */
export function refuseAddress(request: FastifyRequest, reply: FastifyReply, onRefused: OnRefused): void {
  const problem = new Problem('malformed-request', { field: '@path' });
  onRefused?.(problem);
  sendProblem(request, reply, problem);
}

type ClientError = Error & { code?: string };

const BY_CODE: Readonly<Record<string, ProblemName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** What Node's parser gives up on never becomes a request: its answer is written by hand, and the connection ends. */
export function refuseConnection({ code = '' }: ClientError, socket: Socket, onRefused: OnRefused): void {
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const problem = new Problem(BY_CODE[code] ?? 'malformed-request');
  onRefused?.(problem);
  const { status, headers, body } = written(problem);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** A problem document as bytes, for where there is no reply to write it. */
function written(problem: Problem): { status: number; headers: Record<string, string>; body: string } {
  const body = JSON.stringify(problem.toDocument());
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  return { status: problem.status, headers, body };
}
