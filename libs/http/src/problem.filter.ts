import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from '#observability';
import { Problem, type ProblemName } from '#problem';
import { instanceOf } from './instance-of.js';
import { noteProblem } from './trace-requests.js';

/** What Fastify and Nest themselves refuse, in our words. */
const BY_STATUS: Readonly<Record<number, ProblemName>> = {
  400: 'malformed-json',
  404: 'not-found',
  408: 'request-timeout',
  413: 'body-too-large',
  415: 'media-type',
  431: 'headers-too-large',
  503: 'shutting-down',
};

/** Every error leaves an HTTP process as `application/problem+json` (RFC 9457); what is not ours becomes `internal`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly onRefused: (problem: Problem) => void = () => undefined,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const problem = asProblem(error);
    if (problem !== error && problem.status < 500) this.onRefused(problem);
    if (problem.status >= 500) {
      this.logger.error(
        'request failed',
        { problem: problem.problem, code: problem.code },
        problem.cause ?? problem,
      );
    }
    sendProblem(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), problem);
  }
}

/** Writes the problem document; `Retry-After` goes with whatever says how long to wait. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  noteProblem(request, problem);
  const retryAfter = problem.extensions['retryAfter'];
  if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter));
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify({ ...problem.toDocument(), ...instanceOf(request) }));
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  const name = typeof status === 'number' ? BY_STATUS[status] : undefined;
  return name ? new Problem(name, { cause: error }) : Problem.from(error);
}
