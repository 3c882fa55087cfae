import { Batcher, byteaArray, type Database, deleteBefore } from '#database';
import { Problem } from '#problem';

/** A request's own id, unique for its agency. */
export interface CallKey {
  requester: string;
  requestId: string;
}

export interface NewCall extends CallKey {
  call: string;
  bodyDigest: Buffer;
  expires: Date;
}

export interface CallRow {
  call: string;
  body_digest: Buffer;
  answer: Buffer | null;
  expires: Date;
}

/** An answer with the call that it belongs to: the id may be another call's by now. */
interface KeptCall extends CallKey {
  call: string;
  answer: Buffer;
}

/** Calls in one statement. */
const BATCH = 200;
/** Bytes of answers in one statement: a larger one would keep all of its calls waiting, and fail all of them. */
const BATCH_BYTES = 4 * 1024 * 1024;
const LEAST_WEIGHT = Math.floor(BATCH_BYTES / BATCH);

/** The table of calls. Under load many calls share a round trip and a commit. @throws Problem `log-unavailable`, all of it */
export class CallRows {
  private readonly claiming = new Batcher(
    (calls: readonly NewCall[]) => this.claimAll(calls),
    BATCH,
    'claim call',
  );
  private readonly keeping = new Batcher(
    (answers: readonly KeptCall[]) => this.keepAll(answers),
    BATCH_BYTES,
    'keep answer of call',
  );

  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly clock: () => number,
  ) {}

  /** Whether this call is the first of its id, or the first since an earlier one expired. */
  claim(call: NewCall): Promise<boolean> {
    return this.claiming.add(call, 1);
  }

  /** Nothing happens when another call has taken the id over. */
  keep({ requester, requestId, call }: CallKey & { call: string }, answer: Buffer): Promise<void> {
    const weight = Math.max(answer.length, LEAST_WEIGHT); // so that neither bytes nor calls are too many
    return this.keeping.add({ requester, requestId, call, answer }, weight);
  }

  async find({ requester, requestId }: CallKey): Promise<CallRow | undefined> {
    const rows = await this.query<CallRow>(
      'calls-find',
      'select call, body_digest, answer, expires from call where requester = $1 and request_id = $2',
      [requester, requestId],
    );
    return rows[0];
  }

  async release({ requester, requestId }: CallKey, call: string): Promise<void> {
    await this.query(
      'calls-release',
      'delete from call where requester = $1 and request_id = $2 and call = $3',
      [...[requester, requestId, call]],
    );
  }

  async sweep(): Promise<void> {
    await deleteBefore(this.database.pool, 'call', 'expires', new Date(this.clock()));
  }

  /** In the order of their ids, so that two gateways with the same calls never wait for each other in a circle. */
  private async claimAll(calls: readonly NewCall[]): Promise<boolean[]> {
    const won = await this.query<{ call: string }>(
      'calls-claim',
      `insert into call (requester, request_id, call, body_digest, expires)
       select distinct on (requester, request_id) requester, request_id, call, body_digest, expires
       from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[], $5::timestamptz[])
         with ordinality as asked(requester, request_id, call, body_digest, expires, place)
       order by requester, request_id, place
       on conflict (requester, request_id) do update
         set call = excluded.call, body_digest = excluded.body_digest, answer = null, expires = excluded.expires
         where call.expires < $6
       returning call`,
      [
        calls.map(({ requester }) => requester),
        calls.map(({ requestId }) => requestId),
        calls.map(({ call }) => call),
        byteaArray(calls.map(({ bodyDigest }) => bodyDigest)),
        calls.map(({ expires }) => expires),
        new Date(this.clock()),
      ],
    );
    const winners = new Set(won.map(({ call }) => call));
    return calls.map(({ call }) => winners.has(call));
  }

  private async keepAll(answers: readonly KeptCall[]): Promise<void[]> {
    await this.query(
      'calls-keep',
      `update call set answer = kept.answer
       from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[]) as kept(requester, request_id, call, answer)
       where call.requester = kept.requester and call.request_id = kept.request_id and call.call = kept.call`,
      [
        answers.map(({ requester }) => requester),
        answers.map(({ requestId }) => requestId),
        answers.map(({ call }) => call),
        byteaArray(answers.map(({ answer }) => answer)),
      ],
    );
    return answers.map(() => undefined);
  }

  private async query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.database.pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw new Problem('log-unavailable', { cause: error });
    }
  }
}
