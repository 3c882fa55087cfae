import { type Logger, type Metrics } from '#observability';
import { Problem } from '#problem';
import { type Asked } from './pipeline/asked.js';
import { type Fault } from './query-handler.js';
import { type SourceGuard } from './source-guard.js';

/** What an adapter tells of its work, in ids and codes. */
export class AdapterObserver {
  private readonly questions;
  private readonly rejected;
  private readonly faults;
  private readonly seconds;
  private readonly sourceSeconds;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
    guard: SourceGuard,
  ) {
    this.questions = metrics.counter('adapter_questions_total', 'Questions by what became of them', [
      'query',
      'result',
    ]);
    this.rejected = metrics.counter(
      'adapter_rejected_messages_total',
      'Messages that could not be verified',
      ['problem'],
    );
    this.faults = metrics.counter(
      'adapter_unreadable_subjects_total',
      'Subjects refused because of a row that is not mapped or about somebody else',
      ['query', 'fault'],
    );
    this.seconds = metrics.seconds(
      'adapter_question_seconds',
      'Time from a question taken to its reply sealed, released or refused',
      ['query'],
    );
    this.sourceSeconds = metrics.seconds('adapter_source_seconds', 'Time in the agency’s own system', [
      'query',
      'result',
    ]);
    metrics.gauge(
      'adapter_source_available',
      '1 while the source is asked, 0 while its breaker is open',
      [],
      (gauge) => gauge.set(guard.state === 'open' ? 0 : 1),
    );
  }

  /** A reply is sealed. @param started of the process's monotonic clock, milliseconds */
  sealed({ contract }: Asked, started: number): void {
    this.seconds.observe({ query: contract.id }, (performance.now() - started) / 1_000);
  }

  /** Times one look into the source. */
  async inSource<T>({ contract }: Asked, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let result = 'ok';
    try {
      return await work();
    } catch (error) {
      result = Problem.from(error).problem === 'source-timeout' ? 'timeout' : 'failed';
      throw error;
    } finally {
      this.sourceSeconds.observe({ query: contract.id, result }, (performance.now() - started) / 1_000);
    }
  }

  answered({ contract }: Asked): void {
    this.questions.inc({ query: contract.id, result: 'answered' });
  }

  /** Refused by the bundle, a quota or the source. */
  refused({ exchange, contract, requester }: Asked, error: unknown): void {
    const { problem, code, status } = Problem.from(error);
    this.questions.inc({ query: contract.id, result: problem });
    const fields = { exchange, from: requester.id, query: contract.id, problem, code };
    if (status >= 500) this.logger.warn('question not answered', fields, Problem.from(error).cause);
    else this.logger.info('question refused', fields);
  }

  /** One subject was refused because of what the source holds of it; the others were not. */
  unreadable({ exchange, contract, requester }: Asked, fault: Fault): void {
    this.faults.inc({ query: contract.id, fault });
    const fields = {
      exchange,
      from: requester.id,
      query: contract.id,
      problem: 'provider-contract',
      state: fault,
    };
    this.logger.warn('a row of the source is not mapped or about somebody else', fields);
  }

  /** Forged, moved, expired, not in its sender's log. */
  unverified(topic: string, problem: Problem): void {
    this.rejected.inc({ problem: problem.problem });
    this.logger.warn('message refused', { topic, problem: problem.problem, code: problem.code });
  }
}
