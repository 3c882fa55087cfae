import { setTimeout as sleep } from 'node:timers/promises';
import { within, type Database } from '#database';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { CallRows, type CallKey } from './call-rows.js';
import { disclosing, type Answered } from '../pipeline/answered.js';
import { type Call } from '../pipeline/call.js';
import { type AnswerCipher } from '#node';

/** How long after its deadline a call's answer is kept for a repeated request (design: idempotency). */
const KEEP_MS = 10 * 60_000;
const POLL_MS = 50;
/** What is noted of a call at its end is waited for until its deadline, and for so long after it, milliseconds. */
const NOTE_MS = 500;
/** Claims to be given up while the database is away; of more the repetitions wait until they expire. */
const MOST_ABANDONED = 10_000;

/**
 * The idempotency of calls: (requester, requestId) with the digest of the body. The first request does the work; a
 * repeated one waits for it or gets the stored answer; another body under the same id is a conflict. Only what disclosed
 * something is stored: a request that was refused, or failed before a provider told anything, is asked afresh.
 */
export class Calls {
  private readonly rows: CallRows;
  /** Claims that may be there although nobody waited for them, by call. */
  private readonly abandoned = new Map<string, CallKey>();
  private releasing: Promise<void> | undefined;

  constructor(
    database: Database,
    private readonly cipher: AnswerCipher,
    private readonly clock: () => number,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.rows = new CallRows(database, clock);
  }

  /**
   * Runs `work` if this request is the first of its id, or those before it disclosed nothing; else resolves to the stored
   * answer. The database is waited for no longer than the call has.
   * @throws Problem `request-conflict`, `provider-timeout` (the first one did not finish in time), `log-unavailable`
   */
  async once(call: Call, work: () => Promise<Answered>): Promise<{ answered: Answered; replayed: boolean }> {
    while (!(await this.claim(call))) {
      const answered = await this.stored(call);
      if (answered) return { answered, replayed: true };
    }
    return { answered: await this.first(call, work), replayed: false };
  }

  /**
   * What disclosed something is never released: the same id would be a second disclosure, counted a second time. Its answer
   * is given even if it cannot be stored: the evidence (intent, disclosure, outcome) is durable by then, which is what
   * "durable first" asks for; the stored answer only serves a repetition. Withheld, it would make its asker ask again under
   * another id, which is the second disclosure. A repetition finds the claim without an answer: cut off.
   */
  private async first(call: Call, work: () => Promise<Answered>): Promise<Answered> {
    const answered = await this.worked(call, work);
    await this.noted(call, disclosing(answered).length > 0 ? this.keep(call, answered) : this.release(call));
    return answered;
  }

  private async worked(call: Call, work: () => Promise<Answered>): Promise<Answered> {
    try {
      return await work();
    } catch (error) {
      await this.noted(call, this.release(call));
      throw error;
    }
  }

  /** A database that does not answer keeps nobody from what is known: the note is made without him then. */
  private async noted({ deadline }: Call, note: Promise<void>): Promise<void> {
    await within(Math.max(NOTE_MS, deadline - this.clock()), note).catch(() => undefined);
  }

  /** Drops what is past its time, and claims that were given up; the gateway calls this on a timer. */
  async sweep(): Promise<void> {
    await this.rows.sweep();
    await this.releaseAbandoned();
  }

  /** Nothing was asked under this claim: a repetition is to be the first one. */
  private abandon(call: Call): void {
    if (this.abandoned.size < MOST_ABANDONED) this.abandoned.set(call.id, keyOf(call));
    void this.releaseAbandoned().catch(() => undefined); // with the gateway's next sweep
  }

  /** One at a time, one after the other: those who claim need the connections. */
  private releaseAbandoned(): Promise<void> {
    this.releasing ??= this.releaseEach().finally(() => (this.releasing = undefined));
    return this.releasing;
  }

  private async releaseEach(): Promise<void> {
    for (const [id, key] of this.abandoned) {
      await this.rows.release(key, id);
      this.abandoned.delete(id);
    }
  }

  private async claim(call: Call): Promise<boolean> {
    const { id, bodyDigest, deadline } = call;
    const expires = new Date(deadline + KEEP_MS);
    const claiming = this.rows.claim({ ...keyOf(call), call: id, bodyDigest, expires });
    try {
      return await within(deadline - this.clock(), claiming);
    } catch (error) {
      // It may have been claimed all the same, or may be yet: asked again, it is to be the first one.
      void claiming.catch(() => true).then((won) => won && this.abandon(call));
      throw error;
    }
  }

  /** The first request's answer; undefined when its claim is gone, because it disclosed nothing. */
  private async stored(call: Call): Promise<Answered | undefined> {
    while (this.clock() < call.deadline) {
      const row = await within(call.deadline - this.clock(), this.rows.find(keyOf(call)));
      if (!row) return undefined;
      if (!row.body_digest.equals(call.bodyDigest))
        throw new Problem('request-conflict', { field: '/requestId' });
      if (row.answer) return this.cipher.open(row.answer, row.call) as Answered;
      if (row.expires.getTime() - KEEP_MS < this.clock()) throw cutOff(); // its process was killed
      await sleep(POLL_MS);
    }
    throw new Problem('provider-timeout');
  }

  private async keep(call: Call, answered: Answered): Promise<void> {
    try {
      await this.rows.keep({ ...keyOf(call), call: call.id }, this.cipher.seal(answered, call.id));
    } catch (error) {
      this.logger.warn('answer not stored for a repeated request', { call: call.id }, error);
    }
  }

  /** Work that failed or was refused leaves no claim behind: asking again with the same id starts afresh. */
  private async release(call: Call): Promise<void> {
    await this.rows.release(keyOf(call), call.id).catch(() => undefined); // the database is what failed; the row expires by itself
  }
}

function keyOf({ asker, request }: Call): CallKey {
  return { requester: asker.agency.id, requestId: request.requestId };
}

function cutOff(): Problem {
  return new Problem('provider-timeout', {
    detail: 'the first request of this id was cut off; ask under another id',
  });
}
