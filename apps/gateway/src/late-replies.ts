import { setTimeout as sleep } from 'node:timers/promises';
import { AskedExchanges, type AskedExchange, type RecordedEntry } from '#evidence';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { type Metrics } from '#observability';
import { Problem } from '#problem';
import { LATE_MS, recordAcknowledgement, standingOf, verifyLate } from './pipeline/acknowledge-late.js';
import { isOwnFailure } from './pipeline/own-failures.js';
import { WaitingList, type Tried } from './waiting-list.js';

/** Replies are kept so long in their topic; a question's deadline, and what is of use after it, are no longer. */
const LOOK_BACK_MS = 11 * 60_000;
/** How far the broker's clock may be behind ours. */
const SKEW_MS = 60_000;
/** Between two looks at what waits for its outcome, or for a database. */
const EVERY_MS = 500;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What became of a disclosure that came too late. */
type Became = 'acknowledged' | 'known' | 'refused';

/** A disclosure of which the own log does not say yet that it came. */
interface Late {
  exchange: string;
  /** As it came, or once it is verified, the entry alone. */
  disclosure: { reply: WireMessage } | { entry: RecordedEntry };
}

/**
 * Disclosures that come to this gateway after it has closed their exchange, or that it could not record: it says in its log
 * that they came, and gives nothing of them to anybody. An exchange that is still open is closed first, by whoever asked or by
 * the sweeper. What cannot be recorded now is tried again until ten minutes after its deadline.
 */
export class LateReplies {
  private readonly asked: AskedExchanges;
  private readonly counter;
  private readonly waiting = new WaitingList<Late>();
  /** Exchanges that were without an answer when this process started. */
  private unanswered: ReadonlySet<string> = new Set();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly node: AgencyNode,
    metrics: Metrics,
  ) {
    this.asked = new AskedExchanges(node.database, node.origin);
    this.counter = metrics.counter(
      'gateway_late_replies_total',
      'Disclosures that came too late to be given, by what became of them',
      ['result'],
    );
    metrics.gauge('gateway_late_replies_waiting', 'Late disclosures not recorded yet', [], (gauge) =>
      gauge.set(this.waiting.size),
    );
  }

  /**
   * From when on a process before this one may have left replies unread, milliseconds since the epoch; undefined when its log
   * waits for none.
   */
  async lookBackSince(): Promise<number | undefined> {
    const now = this.node.clock();
    const unanswered = await this.asked.unanswered(new Date(now - 2 * LATE_MS));
    this.unanswered = new Set(unanswered.keys());
    const [oldest] = unanswered.values();
    return oldest === undefined ? undefined : Math.max(oldest - SKEW_MS, now - LOOK_BACK_MS);
  }

  start(): void {
    this.running = this.run();
  }

  /** What waits is left to the next start, which finds it in its topic. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** A reply that nobody waits for. `earlier`: one of those that came while nobody read, most of which were answered. Never throws. */
  async take(reply: WireMessage, earlier = false): Promise<void> {
    const exchange = reply.headers['exchange'] ?? '';
    if (earlier && !this.unanswered.has(exchange)) return;
    const late: Late = { exchange, disclosure: { reply } };
    if (!UUID.test(exchange))
      return this.refuse(late, new Problem('envelope-changed', { field: 'exchange' }));
    await this.tryOrWait(late, Date.parse(reply.headers['deadline'] ?? '') + LATE_MS);
  }

  /** A verified disclosure of an exchange that was closed as unanswered meanwhile, or whose outcome the log could not take. */
  disclosed(exchange: string, entry: RecordedEntry, deadline: number): void {
    void this.tryOrWait({ exchange, disclosure: { entry } }, deadline + LATE_MS);
  }

  private async tryOrWait(late: Late, until: number): Promise<void> {
    if ((await this.attempt(late)) === 'done') return;
    const { disclosure } = late;
    const bytes = 'reply' in disclosure ? disclosure.reply.value.byteLength : 0;
    const latest = this.node.clock() + 2 * LATE_MS; // nobody has signed the header
    if (!this.waiting.add(late, Math.min(until || 0, latest), bytes)) this.counter.inc({ result: 'dropped' });
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      const attempt = (late: Late): Promise<Tried> =>
        signal.aborted ? Promise.resolve('unable') : this.attempt(late);
      await this.waiting.round(this.node.clock(), attempt, this.expired);
    }
  }

  private readonly expired = ({ exchange }: Late): void => {
    this.counter.inc({ result: 'expired' });
    this.node.logger.warn('late disclosure not recorded in time', { exchange });
  };

  private async attempt(late: Late): Promise<Tried> {
    try {
      const became = await this.acknowledge(late);
      if (became === 'open') return 'not-yet';
      this.counter.inc({ result: became });
    } catch (error) {
      const isOurs = !(error instanceof Problem) || isOwnFailure(error) || error.problem === 'log-tampered';
      if (isOurs) return 'unable';
      this.refuse(late, error);
    }
    return 'done';
  }

  private async acknowledge(late: Late): Promise<Became | 'open'> {
    const held = await this.asked.of(late.exchange);
    const standing = standingOf(held);
    if (standing === 'settled') return 'known';
    if (standing === 'never-asked') throw new Problem('envelope-spliced', { field: 'exchange' });
    const entry = await this.verified(held, late);
    if (standing === 'open') return 'open';
    await recordAcknowledgement(this.node, held.outcome!, entry);
    this.node.logger.info('disclosure acknowledged late', { exchange: late.exchange });
    return 'acknowledged';
  }

  /** Verified once: what waits after that is light, and a forged reply does not wait. */
  private async verified({ intent }: AskedExchange, late: Late): Promise<RecordedEntry> {
    const { disclosure } = late;
    if ('entry' in disclosure) return disclosure.entry;
    const entry = await verifyLate(this.node, intent!, disclosure.reply);
    late.disclosure = { entry };
    return entry;
  }

  private refuse({ exchange, disclosure }: Late, { problem }: Problem): void {
    const { agency, security, logger } = this.node;
    const claimed = 'reply' in disclosure ? disclosure.reply.headers['from'] : undefined;
    const topic = topics.reply(agency.id);
    security.record({ code: problem, topic, ...(claimed !== undefined && { claimed }) });
    logger.warn('late reply refused', { problem, ...(UUID.test(exchange) && { exchange }) });
    this.counter.inc({ result: 'refused' });
  }
}
