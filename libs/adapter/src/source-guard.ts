import CircuitBreaker from 'opossum';
import { Problem } from '#problem';
import { type QueryHandler, type SourceQuestion, type SourceReply } from './query-handler.js';

export interface SourceLimits {
  /** Most questions inside the source at once; the next one is refused, not queued (bulkhead). */
  concurrency: number;
  /** A question that takes longer is given up, milliseconds. */
  timeoutMs: number;
  /** Share of failures in the last ten seconds that opens the breaker, percent. */
  errorPercentage: number;
  /** How long an open breaker refuses before it tries one question, milliseconds. */
  resetMs: number;
}

export const DEFAULT_LIMITS: SourceLimits = {
  concurrency: 64,
  timeoutMs: 5_000,
  errorPercentage: 50,
  resetMs: 5_000,
};

/**
 * Stands between the pipeline and an agency's system: a slow or failing source is asked no further until it has had time
 * to recover, and never holds more than its share of questions. opossum cannot cancel what it timed out, so the question
 * carries an AbortSignal that does.
 */
export class SourceGuard {
  private readonly breaker: CircuitBreaker<[QueryHandler, SourceQuestion], SourceReply>;

  constructor(private readonly limits: SourceLimits = DEFAULT_LIMITS) {
    this.breaker = new CircuitBreaker(
      (handler: QueryHandler, question: SourceQuestion) => handler.lookUp(question),
      {
        timeout: false, // the deadline below aborts the work; opossum's would only stop waiting for it
        capacity: limits.concurrency,
        errorThresholdPercentage: limits.errorPercentage,
        resetTimeout: limits.resetMs,
        volumeThreshold: 5,
        errorFilter: (error: unknown) => error instanceof Problem && error.status < 500,
      },
    );
  }

  get state(): 'open' | 'half-open' | 'closed' {
    if (this.breaker.opened) return 'open';
    return this.breaker.halfOpen ? 'half-open' : 'closed';
  }

  /**
   * @param remainingMs milliseconds until the exchange's deadline
   * @throws Problem `source-timeout`, `source-unavailable`
   */
  async lookUp(
    handler: QueryHandler,
    question: Omit<SourceQuestion, 'signal'>,
    remainingMs: number,
  ): Promise<SourceReply> {
    const signal = AbortSignal.timeout(Math.max(1, Math.min(this.limits.timeoutMs, remainingMs)));
    try {
      return await this.breaker.fire(
        { query: handler.query, lookUp: (asked) => raceAbort(handler.lookUp(asked), asked.signal) },
        { ...question, signal },
      );
    } catch (error) {
      throw asSourceProblem(error, signal);
    }
  }

  close(): void {
    this.breaker.shutdown();
  }
}

/** A source that ignores its signal must not hold the exchange. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new Problem('source-timeout'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
    work.catch(() => undefined); // the loser of the race may still fail, and nobody else listens
  }
}

function asSourceProblem(error: unknown, signal: AbortSignal): Problem {
  if (error instanceof Problem) return withoutText(error);
  if (signal.aborted) return new Problem('source-timeout', { cause: error });
  return new Problem('source-unavailable', { cause: error });
}

/** A pointer at one of the subjects asked about. */
const SUBJECT = /^\/subjects\/\d{1,3}(\/[A-Za-z]{1,20}){0,2}$/;

/** A handler is the agency's own code: its word for what went wrong counts, texts of its making might hold a value. */
function withoutText(error: Problem): Problem {
  const { problem, field = '' } = error;
  return new Problem(problem, { ...(SUBJECT.test(field) && { field }), cause: error });
}
