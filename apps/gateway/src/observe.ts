import { type ExchangeAnswer } from '#exchange';
import { type Logger, type Metrics } from '#observability';
import { Problem } from '#problem';
import { type Answered } from './pipeline/answered.js';
import { type Call, type Plan } from './pipeline/call.js';

/** What the gateway tells of its work: counts and times with labels that are ids and codes, never anything from a request. */
export class GatewayObserver {
  private readonly exchanges;
  private readonly refusals;
  private readonly seconds;
  private inHand = 0;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
    private readonly knownQueries: ReadonlySet<string>,
  ) {
    this.exchanges = metrics.counter('gateway_exchanges_total', 'Exchanges by outcome', [
      'query',
      'provider',
      'answer',
    ]);
    this.refusals = metrics.counter('gateway_refusals_total', 'Calls refused before an exchange', [
      'problem',
    ]);
    this.seconds = metrics.seconds('gateway_call_seconds', 'Time from request to response', [
      'query',
      'status',
    ]);
    metrics.gauge('gateway_inflight', 'Calls in hand', [], (gauge) => gauge.set(this.inHand));
  }

  /** Times a call and counts what came of it. An unknown query is one label, whatever its text. */
  async timed(code: string, work: () => Promise<Answered>): Promise<Answered> {
    const started = performance.now();
    const query = this.knownQueries.has(code) ? code : 'unknown';
    this.inHand += 1;
    try {
      const answered = await work();
      this.seconds.observe({ query, status: answered.status }, (performance.now() - started) / 1000);
      this.count(query, answered);
      return answered;
    } catch (error) {
      const problem = Problem.from(error);
      this.refusals.inc({ problem: problem.problem });
      this.seconds.observe({ query, status: problem.status }, (performance.now() - started) / 1000);
      throw error;
    } finally {
      this.inHand -= 1;
    }
  }

  /** An exchange that got no usable answer. `refused`: what came in its stead, when nothing came in time. */
  failed(call: Call, { exchange, provider }: Plan, error: unknown): void {
    const { problem, code, cause } = Problem.from(error);
    const refused = cause instanceof Problem && { refused: cause.problem };
    const fields = { exchange, to: provider.id, query: call.contract.id, problem, code, ...refused };
    this.logger.warn('exchange failed', fields, problem === 'internal' ? error : undefined);
  }

  private count(query: string, { body }: Answered): void {
    const exchanges = (body as { exchanges?: ExchangeAnswer[] }).exchanges ?? [];
    for (const { provider, answer } of exchanges) this.exchanges.inc({ query, provider, answer });
  }
}
