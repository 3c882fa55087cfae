import { setTimeout as sleep } from 'node:timers/promises';
import { AskedExchanges, type AskedExchange, type RecordedEntry } from '#evidence';
import { topics, type LateRoom, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { type Metrics } from '#observability';
import { Problem, type ProblemName } from '#problem';
import { LateQueue, type Late } from './late-queue.js';
import { LATE_MS, recordAcknowledgement, standingOf, verifyLate } from './pipeline/acknowledge-late.js';
import { isOwnFailure } from './pipeline/own-failures.js';
import { Unanswered } from './unanswered.js';
import { type Tried } from './waiting-list.js';

/** Replies are kept so long in their topic; a question's deadline, and what is of use after it, are no longer. */
const LOOK_BACK_MS = 11 * 60_000;
/** How far the broker's clock may be behind ours. */
const SKEW_MS = 60_000;
/** Between two looks at what waits. */
const EVERY_MS = 500;
/** Replies that are verified in one look, at most: what strangers can cost this process, whatever they send. */
const VERIFIED_AT_A_LOOK = 256;

/** What became of a disclosure that came too late. */
type Became = 'acknowledged' | 'known' | 'refused';

/**
 * Disclosures that come to this gateway after it has closed their exchange, or that it could not record: it says in its log
 * that they came, and gives nothing of them to anybody. An exchange that is still open is closed first, by whoever asked or by
 * the sweeper. What cannot be recorded now is tried again until ten minutes after its deadline.
 *
 * Whoever can write to the reply topic can send anything: only a reply to an exchange known to be without its answer is looked
 * at, in its turn.
 */
export class LateReplies {
  private readonly exchanges: AskedExchanges;
  private readonly counter;
  private readonly queue = new LateQueue();
  private readonly unanswered = new Unanswered();
  /** Failures of this node that were told since something was recorded last. */
  private readonly told = new Set<ProblemName>();
  /** Replies that may be verified before the next look. */
  private left = 0;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly node: AgencyNode,
    metrics: Metrics,
  ) {
    this.exchanges = new AskedExchanges(node.database, node.origin);
    this.counter = metrics.counter(
      'gateway_late_replies_total',
      'Replies that came too late, and disclosures that could not be recorded in time, by what became of them',
      ['result'],
    );
    metrics.gauge('gateway_late_replies_waiting', 'Exchanges whose late replies wait', [], (gauge) =>
      gauge.set(this.queue.size),
    );
  }

  /**
   * From when on a process before this one may have left replies unread, milliseconds since the epoch; undefined when its log
   * waits for none.
   */
  async lookBackSince(): Promise<number | undefined> {
    const now = this.node.clock();
    const unanswered = await this.exchanges.unanswered(new Date(now - 2 * LATE_MS));
    for (const [exchange, at] of unanswered) this.unanswered.add(exchange, at + 2 * LATE_MS, now);
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

  /** From now on an answer may come to it, in time or late. @param deadline milliseconds since the epoch */
  asked(exchange: string, deadline: number): void {
    this.unanswered.add(exchange, deadline + LATE_MS, this.node.clock());
  }

  /** Its answer is recorded. */
  answered(exchange: string): void {
    this.unanswered.remove(exchange);
  }

  /** A reply that nobody waits for. One to no exchange that lacks its answer is nobody's: whoever read it has counted it. */
  take(reply: WireMessage): LateRoom {
    const exchange = reply.headers['exchange'] ?? '';
    const until = this.unanswered.until(exchange, this.node.clock());
    return until === undefined ? 'taken' : this.queue.put(exchange, until, reply);
  }

  /** A reply of a question that came to its end while it was looked at, or that this node could not look at. */
  keep(reply: WireMessage): void {
    if (this.take(reply) !== 'taken') this.counter.inc({ result: 'dropped' });
  }

  /** A verified disclosure of an exchange that was closed as unanswered meanwhile, or whose outcome the log could not take. */
  disclosed(exchange: string, entry: RecordedEntry, deadline: number): void {
    const hasRoom = this.queue.putVerified(exchange, deadline + LATE_MS, entry);
    if (!hasRoom) this.counter.inc({ result: 'dropped' });
  }

  /** Tries each that waits once; the process does so twice a second. */
  look(): Promise<void> {
    this.left = VERIFIED_AT_A_LOOK;
    return this.queue.round(this.node.clock(), (late) => this.attempt(late), this.expired);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      await this.look();
    }
  }

  /** Of what was not verified nobody knows whether it was a disclosure. */
  private readonly expired = ({ exchange, entry }: Late): void => {
    this.counter.inc({ result: 'expired' });
    const what = entry ? 'late disclosure not recorded in time' : 'late reply not verified in time';
    this.node.logger.warn(what, { exchange });
  };

  private async attempt(late: Late): Promise<Tried> {
    if (this.stopping.signal.aborted) return 'unable';
    if (!this.hasTurn(late)) return 'passed-over';
    try {
      const became = await this.acknowledge(late);
      if (became === 'open') return 'not-yet';
      if (became !== 'refused') this.settled(late, became);
      return 'done';
    } catch (error) {
      const problem = Problem.from(error);
      if (isOurs(problem)) return this.unable(error, problem);
      this.refuse(late, problem);
      this.queue.settled(late);
      return 'done';
    }
  }

  /** Whether its replies may be verified in this look; a disclosure that is verified needs no turn. */
  private hasTurn({ entry, replies }: Late): boolean {
    if (entry) return true;
    if (replies.length > this.left) return false;
    this.left -= replies.length;
    return true;
  }

  private settled(late: Late, became: Became): void {
    this.counter.inc({ result: became });
    this.unanswered.remove(late.exchange);
    this.queue.settled(late);
    this.told.clear();
  }

  private async acknowledge(late: Late): Promise<Became | 'open'> {
    const held = await this.exchanges.of(late.exchange);
    const standing = standingOf(held);
    if (standing === 'settled') return 'known';
    if (standing === 'never-asked') throw new Problem('envelope-spliced', { field: 'exchange' });
    const entry = await this.verified(held, late);
    if (!entry) return 'refused';
    if (standing === 'open') return 'open';
    await recordAcknowledgement(this.node, held.outcome!, entry);
    this.node.logger.info('disclosure acknowledged late', { exchange: late.exchange });
    return 'acknowledged';
  }

  /** Verified once: what waits after that is light, and a forged reply does not wait. */
  private async verified({ intent }: AskedExchange, late: Late): Promise<RecordedEntry | undefined> {
    for (const reply of late.replies) {
      if (late.entry) break;
      try {
        this.queue.verified(late, await verifyLate(this.node, intent!, reply));
      } catch (error) {
        const problem = Problem.from(error);
        if (isOurs(problem)) throw error;
        if (isOver(problem)) this.counter.inc({ result: 'expired' });
        else this.refuse(late, problem, reply);
        this.queue.refused(late, reply);
      }
    }
    return late.entry;
  }

  private refuse({ exchange }: Late, { problem }: Problem, reply?: WireMessage): void {
    const { agency, security, logger, registry } = this.node;
    const claimed = registry.current.agency(reply?.headers['from'] ?? '')?.id;
    const topic = topics.reply(agency.id);
    security.record({ code: problem, topic, ...(claimed !== undefined && { claimed }) });
    if (this.unanswered.isNews(exchange, problem)) logger.warn('late reply refused', { problem, exchange });
    this.counter.inc({ result: 'refused' });
  }

  /** An operator sees the first of each kind: they come again with every look. */
  private unable(error: unknown, { problem }: Problem): Tried {
    if (!this.told.has(problem))
      this.node.logger.warn('late disclosures cannot be recorded', { problem }, error);
    this.told.add(problem);
    return 'unable';
  }
}

/** Says nothing of the reply. */
function isOurs(problem: Problem): boolean {
  return isOwnFailure(problem) || problem.problem === 'log-tampered';
}

/** By its own word its time is over: nothing is said against whoever it is from. */
function isOver({ problem, field }: Problem): boolean {
  return problem === 'envelope-expired' && field === 'deadline';
}
