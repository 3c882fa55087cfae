import { Batcher, byteaArray, deleteBefore, type Database, type Migration } from '#database';
import { parsePrivateLine, parsePublicLine, type RecordedEntry } from '#evidence';
import { type AnswerCipher } from '#node';
import { Problem } from '#problem';
import { type Disclosed } from './pipeline/disclosed.js';

export const keptAnswerMigrations: readonly Migration[] = [
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

/** An answer before it is recorded. */
export interface ToKeep {
  exchange: string;
  bodyHash: Buffer;
  body: Buffer;
  bodyNonce: Buffer;
  /** Milliseconds since the epoch. */
  until: number;
}

interface Row {
  exchange: string;
  bodyHash: Buffer;
  sealed: Buffer;
  until: Date;
}

/** Answers in one statement. */
const BATCH = 100;
/** Bytes of answers in one statement: a larger one would keep all of its exchanges waiting. */
const BATCH_BYTES = 4 * 1024 * 1024;
const LEAST_WEIGHT = Math.floor(BATCH_BYTES / BATCH);

/**
 * The answers that this node's disclosures commit to, encrypted under a key that is not in the database. One is kept
 * before its disclosure is recorded, so that a disclosure in the log always has its answer.
 */
export class KeptAnswers {
  private readonly keeping = new Batcher(
    (rows: readonly Row[]) => this.keepAll(rows),
    BATCH_BYTES,
    'keep answers',
  );

  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly cipher: AnswerCipher,
  ) {}

  /**
   * The later synchronous commit of the disclosure makes this one durable too.
   * @throws Problem `log-unavailable`
   */
  async keep({ exchange, bodyHash, body, bodyNonce, until }: ToKeep): Promise<void> {
    const sealed = this.cipher.seal(
      { body: body.toString('base64'), nonce: bodyNonce.toString('base64') },
      exchange,
    );
    const weight = Math.max(sealed.length, LEAST_WEIGHT); // so that neither bytes nor answers are too many
    await this.keeping.add({ exchange, bodyHash, sealed, until: new Date(until) }, weight);
  }

  private async keepAll(rows: readonly Row[]): Promise<void[]> {
    await this.query(
      'kept-answers-keep',
      `with fast as (select set_config('synchronous_commit', 'off', true))
       insert into kept_answer (exchange, body_hash, sealed, until)
       select kept.* from fast, unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::timestamptz[]) kept
       on conflict do nothing`,
      [
        rows.map(({ exchange }) => exchange),
        byteaArray(rows.map(({ bodyHash }) => bodyHash)),
        byteaArray(rows.map(({ sealed }) => sealed)),
        rows.map(({ until }) => until),
      ],
    );
    return rows.map(() => undefined);
  }

  /**
   * What a disclosure of this node, in whichever of its logs, said.
   * @throws Problem `log-unavailable` when its answer is no longer kept
   */
  async disclosed(exchange: string, entry: RecordedEntry): Promise<Disclosed> {
    const [row] = await this.query<{ sealed: Buffer }>(
      'kept-answers-find',
      'select sealed from kept_answer where exchange = $1 and body_hash = $2',
      [exchange, Buffer.from(recordedHash(entry) ?? '', 'base64url')],
    );
    if (!row) throw new Problem('log-unavailable', { detail: 'the recorded answer is no longer kept' });
    const { body, nonce } = this.cipher.open(row.sealed, exchange) as { body: string; nonce: string };
    return {
      entry,
      body: Buffer.from(body, 'base64'),
      bodyNonce: Buffer.from(nonce, 'base64'),
      bundle: parsePublicLine(entry.publicLine).bundle ?? 0,
    };
  }

  /** @throws Problem `log-unavailable` */
  async sweep(now: number): Promise<void> {
    try {
      await deleteBefore(this.database.pool, 'kept_answer', 'until', new Date(now));
    } catch (cause) {
      throw new Problem('log-unavailable', { cause });
    }
  }

  /** Same database as the log's, so its being away is said in the same words: nothing is recorded, and nothing leaves. */
  private async query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.database.pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw new Problem('log-unavailable', { cause: error });
    }
  }
}

/** The `bodyHash` that an entry commits to; absent with the private line, as when the log was refilled from its mirror. */
export function recordedHash({ privateLine }: RecordedEntry): string | undefined {
  return privateLine && parsePrivateLine(privateLine).bodyHash;
}
