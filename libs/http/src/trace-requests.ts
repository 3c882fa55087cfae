import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { openEntrySpan, type OpenSpan } from '#observability';
import { Problem, type ProblemName } from '#problem';

const spans = new WeakMap<FastifyRequest, OpenSpan>();
const problems = new WeakMap<FastifyRequest, ProblemName>();

/**
 * Gives every request a server span, named after its route and never after the path that was asked for. A well-formed
 * `traceparent` is continued, so that an agency's own system finds its question in its own trace; it decides nothing else.
 * Must be the first hooks of the server.
 */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url?.replaceAll('*', ':rest');
    const name = route === undefined ? request.method : `${request.method} ${route}`;
    const fields = {
      'http.request.method': request.method,
      ...(route !== undefined && { 'http.route': route }),
    };
    const { traceparent } = request.headers;
    const sent = typeof traceparent === 'string' ? traceparent : undefined;
    const span = openEntrySpan('server', name, fields, sent);
    if (span) spans.set(request, span);
    done();
  });
  // Not before: the parser of bodies calls back from the socket's events, which know nothing of the span.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    end(request, reply);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    spans.get(request)?.end();
    done();
  });
}

/** Notes with what a request was refused, for its span. */
export function noteProblem(request: FastifyRequest, { problem }: Problem): void {
  problems.set(request, problem);
}

/** Only a failure of ours is an error of the span: a refusal is a good answer (semantic conventions, HTTP server). */
function end(request: FastifyRequest, { statusCode }: FastifyReply): void {
  const span = spans.get(request);
  const problem = problems.get(request);
  const fields = { 'http.response.status_code': statusCode };
  if (statusCode >= 500) span?.fail(new Problem(problem ?? 'internal'), fields);
  else span?.end({ ...fields, ...(problem !== undefined && { problem }) });
}
