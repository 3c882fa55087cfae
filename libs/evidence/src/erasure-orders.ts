import { type Database } from '#database';
import { Problem } from '#problem';

/** An erasure of private lines that was ordered. */
export interface ErasureOrder {
  id: string;
  /** The log whose private lines go. */
  origin: string;
  before: Date;
  /** Of the entry that says so. */
  exchange: string;
}

/** How far an order has come. */
export interface ErasureState {
  /** It is being carried out, and cannot be taken back. */
  begun: boolean;
  /** The log says so. */
  said: boolean;
  done: boolean;
  /** Lines that it has erased until now. */
  erased: number;
  /** Code of what went wrong last. */
  failure?: string;
  /** Another order that was begun and is not done, of the process that would carry this one out: one goes after the other. */
  behind?: string;
}

type InDatabase = Pick<Database, 'pool'>;

/** Somewhat longer than the command that ordered it waits: what it did not take back, because it was cut off, lapses. */
const BEGIN_WITHIN = '15 s';
const [RETRY_FIRST, RETRY_LAST] = ['5 s', '1 hour'];

const WAITING = 'done_at is null and (begun_at is not null or begin_by > now())';
/** Nobody writes a closed log: any other one of its agency takes over what was to be said in it. */
const takenBy = (
  log: string,
  saidIn = 'said_in',
) => `(${saidIn} = ${log} or (split_part(${saidIn}, '/', 1) = split_part(${log}, '/', 1)
  and exists (select from log_head h where h.origin = ${saidIn} and h.closed)))`;

/**
 * Orders private lines of a log to be erased, of the process that writes it: it alone can say so in the log first.
 * @param saidIn the log that says so instead, of the same agency, when `origin` is closed
 * @throws Problem `log-fenced` when it is not
 */
export async function orderErasure(
  { pool }: InDatabase,
  origin: string,
  before: Date,
  saidIn = origin,
): Promise<ErasureOrder> {
  const { rows } = await pool.query<ErasureOrder>(
    `insert into erasure_order (origin, before, said_in, begin_by)
      select $1::text, $2::timestamptz, $3::text, now() + $4::interval
      where $1 = $3 or exists (select from log_head h where h.origin = $1 and h.closed)
      returning id, origin, before, exchange`,
    [origin, before, saidIn, BEGIN_WITHIN],
  );
  if (rows[0]) return rows[0];
  throw new Problem('log-fenced', { field: 'origin', detail: 'not closed: no other log speaks for it' });
}

/** How far an order has come; undefined when it is not there (any more). */
export async function erasureState({ pool }: InDatabase, id: string): Promise<ErasureState | undefined> {
  const { rows } = await pool.query<
    Pick<ErasureState, 'begun' | 'said' | 'done'> & {
      erased: string;
      failure: string | null;
      behind: string | null;
    }
  >(
    `select begun_at is not null as begun, done_at is not null as done, erased, failure, exists (
        select from log_entry e where e.origin = said_in and e.kind = 'admin' and e.exchange = o.exchange) as said,
      (select other.id from erasure_order other
        where other.id <> o.id and other.begun_at is not null and other.done_at is null and other.next_try <= now()
          and ${takenBy('other.said_in', 'o.said_in')} order by other.id limit 1) as behind
      from erasure_order o where id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { failure, behind, erased, ...state } = row;
  return {
    ...{ ...state, erased: Number(erased) },
    ...(failure !== null && { failure }),
    ...(behind !== null && { behind }),
  };
}

/** Takes an order back. @returns false when somebody has begun to carry it out */
export async function withdrawErasure({ pool }: InDatabase, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from erasure_order where id = $1 and begun_at is null', [id]);
  return rowCount === 1;
}

/** What a log has to say and its process to carry out now, oldest first. */
export async function dueErasures({ pool }: InDatabase, log: string): Promise<ErasureOrder[]> {
  const { rows } = await pool.query<ErasureOrder>({
    name: 'erasures-due',
    text: `select id, origin, before, exchange from erasure_order
      where ${WAITING} and next_try <= now() and ${takenBy('$1')} order by id`,
    values: [log],
  });
  return rows;
}

/** From now on it cannot be taken back, and is this log's to say. @returns false when it was taken back or over meanwhile */
export async function beginErasure({ pool }: InDatabase, id: string, log: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update erasure_order set said_in = $2, begun_at = coalesce(begun_at, now())
      where id = $1 and ${WAITING} and ${takenBy('$2')}`,
    [id, log],
  );
  return rowCount === 1;
}

/** Whether a log says so already: an append that failed may have been recorded. */
export async function isErasureSaid(
  { pool }: InDatabase,
  { exchange }: Pick<ErasureOrder, 'exchange'>,
  log: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from log_entry where origin = $1 and kind = 'admin' and exchange = $2 limit 1`,
    [log, exchange],
  );
  return rowCount === 1;
}

/** The order is tried again, each time after twice as long, at last each hour. */
export async function noteErasureFailure({ pool }: InDatabase, id: string, failure: string): Promise<void> {
  await pool.query(
    `update erasure_order set failure = $2, failures = failures + 1,
        next_try = now() + least($4::interval, $3::interval * 2 ^ least(failures, 20))
      where id = $1`,
    [id, failure, RETRY_FIRST, RETRY_LAST],
  );
}

/** The order is carried out. @returns how many lines it erased; undefined when it is not there any more */
export async function closeErasure({ pool }: InDatabase, id: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ erased: string }>(
    'update erasure_order set done_at = now() where id = $1 returning erased',
    [id],
  );
  return rows[0] && Number(rows[0].erased);
}
