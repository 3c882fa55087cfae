import { setTimeout as sleep } from 'node:timers/promises';
import { type Migration } from '#database';
import { LogReader, parsePublicLine, type RecordedEntry } from '#evidence';
import { type AgencyNode } from '#node';
import { Problem } from '#problem';
import { AnsweredExchanges, answeredExchangeMigrations } from './answered-exchanges.js';
import { keptAnswerMigrations, KeptAnswers, recordedHash } from './kept-answers.js';
import { type Asked } from './pipeline/asked.js';
import { type Disclosed } from './pipeline/disclosed.js';

/** How long after its deadline an answer is kept for a repeated question (design: Binding). */
export const KEEP_MS = 10 * 60_000;
/** Between two looks at what another instance does, milliseconds: first and longest. */
const [SOON_MS, LATE_MS] = [50, 250];

/** Tables that an adapter has besides the node's own and the quotas'. */
export const repeatMigrations: Migration[] = [...keptAnswerMigrations, ...answeredExchangeMigrations];

interface Held {
  intent: Buffer;
  work: Promise<Disclosed>;
  until: number;
}

/** What an instance knows of its turn at an exchange. */
interface Turn {
  /** It has taken the exchange, or may have. */
  isOurs: boolean;
  /** By another instance, whose answer can be proved in a moment. */
  isRecorded: boolean;
}

/**
 * A repeated question gets the same answer, whichever instance of the adapter it reaches: until its deadline from memory;
 * otherwise, when another instance answers it or this one was killed between recording and answering, from the database.
 */
export class Repeats {
  private readonly held = new Map<string, Held>();
  private readonly exchanges: AnsweredExchanges;
  private readonly kept: KeptAnswers;
  private readonly reader: LogReader;

  constructor(private readonly node: Pick<AgencyNode, 'database' | 'cipher' | 'clock' | 'origin' | 'log'>) {
    this.exchanges = new AnsweredExchanges(node.database, node.origin);
    this.kept = new KeptAnswers(node.database, node.cipher);
    this.reader = new LogReader(node, node.log);
  }

  /**
   * Runs `work` once per exchange, in one instance of all; whoever repeats the question waits for it. A failure is
   * forgotten, so that a repeat tries again.
   * @throws Problem `envelope-replayed` when the exchange is another intent's: its answer is for nobody else;
   *   `provider-timeout` when another instance has not answered by the deadline
   */
  async once(asked: Asked, work: () => Promise<Disclosed>): Promise<Disclosed> {
    const { exchange, deadline, intent } = asked;
    const known = this.held.get(exchange);
    if (known) {
      requireSameIntent(known.intent, intent.leaf);
      return known.work;
    }
    const held: Held = { intent: intent.leaf, work: this.answered(asked, work), until: deadline };
    this.held.set(exchange, held);
    held.work.catch(() => this.held.delete(exchange));
    return held.work;
  }

  /** Keeps an answer before it is recorded. @throws Problem `log-unavailable` */
  keep(
    { exchange, deadline }: Pick<Asked, 'exchange' | 'deadline'>,
    answer: { bodyHash: Buffer; body: Buffer; bodyNonce: Buffer },
  ): Promise<void> {
    return this.kept.keep({ exchange, until: deadline + KEEP_MS, ...answer });
  }

  /**
   * The entry that the log gave back is the first one of its exchange; when it was recorded before a restart, its answer
   * is the one kept then, not the one just made.
   * @throws Problem `log-unavailable` when the first answer is no longer kept, `envelope-replayed` when it answers
   *   another intent
   */
  async firstAnswer(asked: Asked, disclosed: Disclosed, bodyHash: Buffer): Promise<Disclosed> {
    if (recordedHash(disclosed.entry) !== bodyHash.toString('base64url'))
      return this.answerOf(asked, disclosed.entry);
    requireSameIntent(parentOf(disclosed.entry), asked.intent.leaf);
    return disclosed;
  }

  /** Drops what is past its time; the adapter calls this on a timer. */
  async sweep(): Promise<void> {
    const now = this.node.clock();
    for (const [exchange, { until }] of this.held) if (until < now) this.held.delete(exchange);
    const swept = await Promise.allSettled([this.kept.sweep(now), this.exchanges.sweep(now)]);
    for (const one of swept) if (one.status === 'rejected') throw one.reason;
  }

  /**
   * Answers the question here if this instance takes the exchange, else waits for the one that has it, or for its end. What
   * ends without an answer is given back, also when nobody knows whether it was taken: the others would wait for one who
   * does nothing.
   */
  private async answered(asked: Asked, work: () => Promise<Disclosed>): Promise<Disclosed> {
    const turn: Turn = { isOurs: true, isRecorded: false };
    try {
      for (let pause = SOON_MS; ; pause = Math.min(pause * 1.5, LATE_MS)) {
        const disclosed = await this.look(asked, turn, work);
        if (disclosed) return disclosed;
        if (this.node.clock() + pause >= asked.deadline) throw new Problem('provider-timeout');
        await sleep(pause);
      }
    } catch (error) {
      if (turn.isOurs) this.exchanges.release(asked.exchange);
      throw error;
    }
  }

  /** @returns undefined when another instance answers, or has recorded its answer a moment ago */
  private async look(
    asked: Asked,
    turn: Turn,
    work: () => Promise<Disclosed>,
  ): Promise<Disclosed | undefined> {
    const { exchange, deadline, intent } = asked;
    const until = deadline + KEEP_MS;
    const taken = await this.exchanges.take({ exchange, intentLeaf: intent.leaf, until });
    turn.isOurs = taken === 'own' || taken === 'again';
    if (taken === 'other-intent') throw replayed();
    const recorded = taken === 'own' ? undefined : await this.recorded(asked);
    if (recorded || !turn.isOurs || turn.isRecorded) return recorded;
    const answer = await unlessElsewhere(work);
    turn.isRecorded = answer === undefined;
    return answer;
  }

  /**
   * The answer that an instance of this node, this one included, has recorded. Not there yet when its log's checkpoint is
   * not: an instance killed in the moment between commit and checkpoint signs it at its next start.
   */
  private async recorded(asked: Asked): Promise<Disclosed | undefined> {
    const entry = await this.receiptOf(asked.exchange);
    return entry && this.answerOf(asked, entry);
  }

  /** Of one log that was filled again from its mirror, and what another recorded meanwhile, the one whose answer is kept. */
  private async receiptOf(exchange: string): Promise<RecordedEntry | undefined> {
    try {
      const receipts = await this.reader.receiptsOf(exchange, 'disclosure');
      return receipts.find(({ privateLine }) => privateLine) ?? receipts[0];
    } catch (error) {
      if (!(error instanceof Problem)) throw new Problem('log-unavailable', { cause: error });
      if (error.problem === 'not-found') return undefined;
      throw error;
    }
  }

  private async answerOf(asked: Asked, entry: RecordedEntry): Promise<Disclosed> {
    requireSameIntent(parentOf(entry), asked.intent.leaf);
    return this.kept.disclosed(asked.exchange, entry);
  }
}

/** @returns undefined when another instance has recorded its answer meanwhile */
async function unlessElsewhere(work: () => Promise<Disclosed>): Promise<Disclosed | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.problem === 'answered-elsewhere') return undefined;
    throw error;
  }
}

function parentOf({ publicLine }: RecordedEntry): Buffer {
  return Buffer.from(parsePublicLine(publicLine).parent ?? '', 'base64url');
}

/** Anyone may write any exchange id into an intent of its own: an answer belongs to the intent that it was made for. */
function requireSameIntent(first: Buffer, asked: Buffer): void {
  if (!first.equals(asked)) throw replayed();
}

function replayed(): Problem {
  return new Problem('envelope-replayed', { field: 'exchange' });
}
