import CircuitBreaker from 'opossum';
import { Problem } from '#problem';
import { Places } from './places.js';
import { type QueryHandler, type SourceQuestion, type SourceReply } from './query-handler.js';

export interface SourceLimits {
  /** Most questions inside the source at once (bulkhead); the next ones wait until their deadline, in order. */
  concurrency: number;
  /** A question that takes longer is given up, milliseconds. */
  timeoutMs: number;
  /** Share of failures in the last ten seconds that opens the breaker, percent. */
  errorPercentage: number;
  /** How long an open breaker refuses before it tries one question, milliseconds. */
  resetMs: number;
  /** Longest that a question which was given up keeps its place while its handler goes on, milliseconds; default 30 s. */
  lingerMs?: number;
}

const LINGER_MS = 30_000;
/** Of a question's usual time in the source, what one that had to wait must have left. */
const LEAST_SHARE = 0.1;

export const DEFAULT_LIMITS: SourceLimits = {
  concurrency: 64,
  timeoutMs: 5_000,
  errorPercentage: 50,
  resetMs: 5_000,
};

/**
 * Stands between the pipeline and an agency's system: a slow or failing source is asked no further until it has had time
 * to recover, and never holds more than its share of questions. opossum cannot cancel what it timed out, so the question
 * carries an AbortSignal that does; and it would give a place to the next question as soon as one is given up, so places
 * are counted here: one is free when its handler has ended, or has gone on for so long that it counts as lost. Group commits
 * hand over hundreds of questions at once: they wait for a place, and no longer once the breaker opens.
 */
export class SourceGuard {
  private readonly breaker: CircuitBreaker<[QueryHandler, SourceQuestion], SourceReply>;
  private readonly places: Places;

  constructor(private readonly limits: SourceLimits = DEFAULT_LIMITS) {
    this.breaker = new CircuitBreaker(
      (handler: QueryHandler, question: SourceQuestion) => handler.lookUp(question),
      {
        timeout: false, // the deadline below aborts the work; opossum's would only stop waiting for it
        errorThresholdPercentage: limits.errorPercentage,
        resetTimeout: limits.resetMs,
        volumeThreshold: 5,
        errorFilter: (error: unknown) => error instanceof Problem && error.status < 500,
      },
    );
    this.places = new Places(limits.concurrency);
    this.breaker.on('open', () => this.places.dismiss());
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
    const signal = AbortSignal.timeout(await this.timeInside(remainingMs));
    let entered = false;
    const guarded = (asked: SourceQuestion): Promise<SourceReply> => {
      entered = true;
      return raceAbort(this.enter(handler, asked), asked.signal);
    };
    try {
      return await this.breaker.fire({ query: handler.query, lookUp: guarded }, { ...question, signal });
    } catch (error) {
      if (!entered) this.places.give();
      throw asSourceProblem(error, signal);
    }
  }

  close(): void {
    this.breaker.shutdown();
  }

  /**
   * Waits for a place; resolves to the milliseconds that the question then has. One that has hardly any left is not asked: it
   * would only make the source look slow.
   * @throws Problem `source-unavailable`
   */
  private async timeInside(remainingMs: number): Promise<number> {
    if (this.breaker.opened) throw full();
    const { timeoutMs } = this.limits;
    const started = performance.now();
    if (!(await this.places.take(AbortSignal.timeout(Math.max(1, Math.floor(remainingMs)))))) throw full();
    const waited = performance.now() - started;
    if (waited > 1 && remainingMs - waited < timeoutMs * LEAST_SHARE) {
      this.places.give();
      throw full();
    }
    return Math.max(1, Math.floor(Math.min(timeoutMs, remainingMs - waited)));
  }

  /** Keeps the place until the handler has ended, whoever still waits for it. */
  private enter(handler: QueryHandler, asked: SourceQuestion): Promise<SourceReply> {
    const work = (async () => handler.lookUp(asked))();
    void ended(work, asked.signal, this.limits.lingerMs ?? LINGER_MS).then(() => this.places.give());
    return work;
  }
}

function full(): Problem {
  return new Problem('source-unavailable', { detail: 'the source has as many questions as it may' });
}

/** Resolves when the work has settled, or `lingerMs` after it was given up. */
async function ended(work: Promise<unknown>, signal: AbortSignal, lingerMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let lingering: NodeJS.Timeout | undefined;
  const linger = (): void => void (lingering = setTimeout(resolve, lingerMs).unref());
  signal.addEventListener('abort', linger, { once: true });
  work.then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
  signal.removeEventListener('abort', linger);
  clearTimeout(lingering);
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
