import CircuitBreaker from 'opossum';
import { Slots } from '#messaging';
import { Problem } from '#problem';
import { orAborted } from './or-aborted.js';
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

/** How long a question may still take. */
export interface TimeLeft {
  /** Until its source is waited for no longer, milliseconds. */
  leftMs: number;
  /** From its asking until its deadline, milliseconds: what its asker gave it in all. */
  givenMs: number;
}

const LINGER_MS = 30_000;
/** Of the time that a question may have in the source, what it must have left to be asked. */
const LEAST_SHARE = 0.1;

export const DEFAULT_LIMITS: SourceLimits = {
  concurrency: 64,
  timeoutMs: 5_000,
  errorPercentage: 50,
  resetMs: 5_000,
};

type Question = Omit<SourceQuestion, 'signal'>;

/**
 * Stands between the pipeline and an agency's system: a slow or failing source is asked no further until it has had time
 * to recover, and never holds more than its share of questions. opossum cannot cancel what it timed out, so the question
 * carries an AbortSignal that does; and it would give a place to the next question as soon as one is given up, so places
 * are counted here: one is free when its handler has ended, or has gone on for so long that it counts as lost. Group commits
 * hand over hundreds of questions at once: they wait for a place, and no longer once the breaker opens.
 *
 * What is counted is the source's doing only: a question that its asker gave less time than the source may take, and that
 * took longer, says nothing of the source, and must not shut it for everybody.
 */
export class SourceGuard {
  private readonly breaker: CircuitBreaker<[() => Promise<SourceReply>], SourceReply>;
  private readonly places: Slots;

  constructor(private readonly limits: SourceLimits = DEFAULT_LIMITS) {
    this.breaker = new CircuitBreaker((work: () => Promise<SourceReply>) => work(), {
      timeout: false, // the deadline below aborts the work; opossum's would only stop waiting for it
      errorThresholdPercentage: limits.errorPercentage,
      resetTimeout: limits.resetMs,
      volumeThreshold: 5,
      errorFilter: (error: unknown) => error instanceof Problem && error.status < 500,
    });
    this.places = new Slots(limits.concurrency);
    this.breaker.on('open', () => this.places.dismiss(full()));
  }

  get state(): 'open' | 'half-open' | 'closed' {
    if (this.breaker.opened) return 'open';
    return this.breaker.halfOpen ? 'half-open' : 'closed';
  }

  /**
   * What a question must have left to be worth asking, milliseconds.
   * @param givenMs as in `TimeLeft`
   */
  leastMs(givenMs: number): number {
    return LEAST_SHARE * Math.min(this.limits.timeoutMs, givenMs);
  }

  /** @throws Problem `source-timeout`, `source-unavailable` */
  async lookUp(handler: QueryHandler, question: Question, time: TimeLeft): Promise<SourceReply> {
    const leftMs = await this.place(time);
    if (this.breaker.halfOpen) return this.tryOut(handler, question, leftMs);
    return this.ask(handler, question, Math.min(leftMs, this.limits.timeoutMs));
  }

  close(): void {
    this.breaker.shutdown();
  }

  /**
   * Waits for a place; resolves to the milliseconds that the question has left then.
   * @throws Problem `source-unavailable`
   */
  private async place({ leftMs, givenMs }: TimeLeft): Promise<number> {
    const least = this.leastMs(givenMs);
    if (this.breaker.opened || leftMs < least) throw full();
    const started = performance.now();
    try {
      await this.places.take(AbortSignal.timeout(Math.floor(leftMs - least)));
    } catch {
      throw full();
    }
    const left = leftMs - (performance.now() - started);
    if (left >= least && !this.breaker.opened) return left;
    this.places.release();
    throw full();
  }

  /** The breaker is told how it went, unless it was the asker's time that was over. */
  private async ask(handler: QueryHandler, question: Question, ms: number): Promise<SourceReply> {
    const signal = timeout(ms);
    try {
      const reply = await orAborted(this.enter(handler, { ...question, signal }), signal);
      await this.tell(() => Promise.resolve(reply));
      return reply;
    } catch (error) {
      const problem = asSourceProblem(error, signal);
      const askersTimeIsOver = signal.aborted && ms < this.limits.timeoutMs;
      if (!askersTimeIsOver) await this.tell(() => Promise.reject(problem));
      throw problem;
    }
  }

  private async tell(outcome: () => Promise<SourceReply>): Promise<void> {
    await this.breaker.fire(outcome).catch(() => undefined); // its failure is thrown where it was met
  }

  /**
   * Whether a source that had failed answers again: the one question that is let in has as long as any may have, though its
   * asker waits no longer than he can. Else one that has little time could not tell, and many of them would keep it shut.
   */
  private async tryOut(handler: QueryHandler, question: Question, leftMs: number): Promise<SourceReply> {
    const signal = timeout(this.limits.timeoutMs);
    let entered = false;
    const trying = this.breaker.fire(() => {
      entered = true;
      return orAborted(this.enter(handler, { ...question, signal }), signal);
    });
    if (!entered) this.places.release(); // another one is being tried
    try {
      return await orAborted(trying, timeout(leftMs));
    } catch (error) {
      throw asSourceProblem(error, signal);
    }
  }

  /** Keeps the place until the handler has ended, whoever still waits for it. */
  private enter(handler: QueryHandler, asked: SourceQuestion): Promise<SourceReply> {
    const work = (async () => handler.lookUp(asked))();
    void ended(work, asked.signal, this.limits.lingerMs ?? LINGER_MS).then(() => this.places.release());
    return work;
  }
}

function timeout(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.max(1, Math.floor(ms)));
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
