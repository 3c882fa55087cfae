import { setTimeout as sleep } from 'node:timers/promises';
import { type Database } from '#database';
import { Problem } from '#problem';
import { disclosing, type Answered } from '../pipeline/answered.js';
import { type Call } from '../pipeline/call.js';
import { type AnswerCipher } from '#node';

/** How long after its deadline a call's answer is kept for a repeated request (design: idempotency). */
const KEEP_MS = 10 * 60_000;
const POLL_MS = 50;

interface CallRow {
  call: string;
  body_digest: Buffer;
  answer: Buffer | null;
  expires: Date;
}

/**
 * The idempotency of calls: (requester, requestId) with the digest of the body. The first request does the work; a
 * repeated one waits for it or gets the stored answer; another body under the same id is a conflict. Only what disclosed
 * something is stored: a request that was refused, or failed before a provider told anything, is asked afresh.
 */
export class Calls {
  constructor(
    private readonly database: Database,
    private readonly cipher: AnswerCipher,
    private readonly clock: () => number,
  ) {}

  /**
   * Runs `work` if this request is the first of its id, or those before it disclosed nothing; else resolves to the stored
   * answer.
   * @throws Problem `request-conflict`, `provider-timeout` (the first one did not finish in time), `log-unavailable`
   */
  async once(call: Call, work: () => Promise<Answered>): Promise<{ answered: Answered; replayed: boolean }> {
    while (!(await this.claim(call))) {
      const answered = await this.stored(call);
      if (answered) return { answered, replayed: true };
    }
    return { answered: await this.first(call, work), replayed: false };
  }

  private async first(call: Call, work: () => Promise<Answered>): Promise<Answered> {
    try {
      const answered = await work();
      if (disclosing(answered).length > 0) await this.keep(call, answered);
      else await this.release(call);
      return answered;
    } catch (error) {
      await this.release(call);
      throw error;
    }
  }

  /** Drops what is past its time; the gateway calls this on a timer. */
  async sweep(): Promise<void> {
    await this.database.pool.query('delete from call where expires < $1', [new Date(this.clock())]);
  }

  private async claim(call: Call): Promise<boolean> {
    const result = await this.query(
      `insert into call (requester, request_id, call, body_digest, expires) values ($1, $2, $3, $4, $5)
       on conflict (requester, request_id) do update
         set call = excluded.call, body_digest = excluded.body_digest, answer = null, expires = excluded.expires
         where call.expires < $6
       returning call`,
      [
        ...this.keyOf(call),
        call.id,
        call.bodyDigest,
        new Date(call.deadline + KEEP_MS),
        new Date(this.clock()),
      ],
    );
    return result.rowCount === 1;
  }

  /** The first request's answer; undefined when its claim is gone, because it disclosed nothing. */
  private async stored(call: Call): Promise<Answered | undefined> {
    while (this.clock() < call.deadline) {
      const row = await this.row(call);
      if (!row) return undefined;
      if (!row.body_digest.equals(call.bodyDigest))
        throw new Problem('request-conflict', { field: '/requestId' });
      if (row.answer) return this.cipher.open(row.answer, row.call) as Answered;
      if (row.expires.getTime() - KEEP_MS < this.clock()) throw cutOff(); // its process was killed
      await sleep(POLL_MS);
    }
    throw new Problem('provider-timeout');
  }

  private async row(call: Call): Promise<CallRow | undefined> {
    const { rows } = await this.query(
      'select call, body_digest, answer, expires from call where requester = $1 and request_id = $2',
      this.keyOf(call),
    );
    return (rows as CallRow[])[0];
  }

  private async keep(call: Call, answered: Answered): Promise<void> {
    const sealed = this.cipher.seal(answered, call.id);
    await this.query('update call set answer = $3 where requester = $1 and request_id = $2', [
      ...this.keyOf(call),
      sealed,
    ]);
  }

  /** Work that failed or was refused leaves no claim behind: asking again with the same id starts afresh. */
  private async release(call: Call): Promise<void> {
    await this.query('delete from call where requester = $1 and request_id = $2 and call = $3', [
      ...this.keyOf(call),
      call.id,
    ]).catch(() => undefined); // the database is what failed; the row expires by itself
  }

  private keyOf({ asker, request }: Call): [string, string] {
    return [asker.agency.id, request.requestId];
  }

  private async query(sql: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> {
    try {
      return await this.database.pool.query(sql, values);
    } catch (error) {
      throw new Problem('log-unavailable', { cause: error });
    }
  }
}

function cutOff(): Problem {
  return new Problem('provider-timeout', {
    detail: 'the first request of this id was cut off; ask under another id',
  });
}
