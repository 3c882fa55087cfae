import { type Database, type Migration } from '#database';
import { parsePrivateLine, parsePublicLine } from '#evidence';
import { type AnswerCipher } from '#node';
import { Problem } from '#problem';
import { type Asked } from './pipeline/asked.js';
import { type Disclosed } from './pipeline/disclosed.js';

/** How long after its deadline an answer is kept for a repeated question (design: Binding). */
const KEEP_MS = 10 * 60_000;

export const repeatMigrations: Migration[] = [
  {
    name: 'adapter-0001-kept-answer',
    up: `
      create table kept_answer (
        exchange uuid not null,
        body_hash bytea not null,
        sealed bytea not null,      -- AES-256-GCM of body and nonce
        until timestamptz not null,
        primary key (exchange, body_hash)
      );
      create index kept_answer_until on kept_answer (until);
    `,
  },
];

interface Held {
  intent: Buffer;
  work: Promise<Disclosed>;
  until: number;
}

/**
 * A repeated question gets the same answer: until its deadline from memory, afterwards, or when this process was killed
 * between recording and answering, from the database. The answer is kept (encrypted) before its disclosure is recorded, so a disclosure in the
 * log always has its answer.
 */
export class Repeats {
  private readonly held = new Map<string, Held>();
  private readonly countedExchanges = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly cipher: AnswerCipher,
    private readonly clock: () => number,
  ) {}

  /**
   * Runs `work` once per exchange; whoever repeats the question waits for it. A failure is forgotten, so that a repeat
   * tries again.
   * @throws Problem `envelope-replayed` when the exchange is another intent's: its answer is for nobody else
   */
  async once({ exchange, deadline, intent }: Asked, work: () => Promise<Disclosed>): Promise<Disclosed> {
    const known = this.held.get(exchange);
    if (known) {
      requireSameIntent(known.intent, intent.leaf);
      return known.work;
    }
    const held: Held = { intent: intent.leaf, work: work(), until: deadline };
    this.held.set(exchange, held);
    held.work.catch(() => this.held.delete(exchange));
    return held.work;
  }

  isCounted(exchange: string): boolean {
    return this.countedExchanges.has(exchange);
  }

  counted(exchange: string): void {
    this.countedExchanges.set(exchange, this.clock() + 2 * KEEP_MS);
  }

  /**
   * Keeps an answer before it is recorded. The later synchronous commit of its disclosure makes this one durable too.
   * @throws Problem `log-unavailable`
   */
  async keep(
    exchange: string,
    bodyHash: Buffer,
    body: Buffer,
    bodyNonce: Buffer,
    deadline: number,
  ): Promise<void> {
    const sealed = this.cipher.seal(
      { body: body.toString('base64'), nonce: bodyNonce.toString('base64') },
      exchange,
    );
    await this.query(
      `with fast as (select set_config('synchronous_commit', 'off', true))
       insert into kept_answer (exchange, body_hash, sealed, until)
       select $1, $2, $3, $4 from fast on conflict do nothing`,
      [exchange, bodyHash, sealed, new Date(deadline + KEEP_MS)],
    );
  }

  /**
   * The entry that the log gave back is the first one of its exchange; when it was recorded before a restart, its answer
   * is the one kept then, not the one just made.
   * @throws Problem `log-unavailable` when the first answer is no longer kept, `envelope-replayed` when it answers
   *   another intent
   */
  async firstAnswer({ exchange, intent }: Asked, disclosed: Disclosed, bodyHash: Buffer): Promise<Disclosed> {
    const { parent = '' } = parsePublicLine(disclosed.entry.publicLine);
    requireSameIntent(Buffer.from(parent, 'base64url'), intent.leaf);
    const { privateLine } = disclosed.entry; // gone with the old disk when the log was refilled from its mirror
    const recorded = privateLine && parsePrivateLine(privateLine).bodyHash;
    if (recorded === bodyHash.toString('base64url')) return disclosed;
    const [row] = await this.query<{ sealed: Buffer }>(
      'select sealed from kept_answer where exchange = $1 and body_hash = $2',
      [exchange, Buffer.from(recorded ?? '', 'base64url')],
    );
    if (!row) throw new Problem('log-unavailable', { detail: 'the recorded answer is no longer kept' });
    const { body, nonce } = this.cipher.open(row.sealed, exchange) as { body: string; nonce: string };
    return {
      ...disclosed,
      body: Buffer.from(body, 'base64'),
      bodyNonce: Buffer.from(nonce, 'base64'),
      bundle: parsePublicLine(disclosed.entry.publicLine).bundle ?? 0,
    };
  }

  /** Drops what is past its time; the adapter calls this on a timer. */
  async sweep(): Promise<void> {
    const now = this.clock();
    for (const [exchange, { until }] of this.held) if (until < now) this.held.delete(exchange);
    for (const [exchange, until] of this.countedExchanges)
      if (until < now) this.countedExchanges.delete(exchange);
    await this.query('delete from kept_answer where until < $1', [new Date(now)]);
  }

  /** Same database as the log's, so its being away is said in the same words: nothing is recorded, and nothing leaves. */
  private async query<Row extends object>(sql: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.database.pool.query<Row>(sql, values)).rows;
    } catch (error) {
      throw new Problem('log-unavailable', { cause: error });
    }
  }
}

/** Anyone may write any exchange id into an intent of its own: an answer belongs to the intent that it was made for. */
function requireSameIntent(first: Buffer, asked: Buffer): void {
  if (!first.equals(asked)) throw new Problem('envelope-replayed', { field: 'exchange' });
}
