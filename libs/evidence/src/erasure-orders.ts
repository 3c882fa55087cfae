import { type Database } from '#database';

/** An erasure of private lines that was ordered of a log. */
export interface ErasureOrder {
  id: string;
  before: Date;
  /** Whether the log says so already. */
  said: boolean;
}

/** How far an order has come. */
export interface ErasureState {
  /** It is being carried out, and cannot be taken back. */
  begun: boolean;
  /** Lines that it has erased; absent while it is not carried out. */
  erased?: number;
}

type InDatabase = Pick<Database, 'pool'>;

/**
 * Orders the process that writes a log to erase its private lines: it alone can say so in the log first.
 * @returns the order's id
 */
export async function orderErasure({ pool }: InDatabase, origin: string, before: Date): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    'insert into erasure_order (origin, before) values ($1, $2) returning id',
    [origin, before],
  );
  return rows[0]!.id;
}

/** How far an order has come; undefined when it was taken back. */
export async function erasureState({ pool }: InDatabase, id: string): Promise<ErasureState | undefined> {
  const { rows } = await pool.query<{ begun: boolean; erased: string | null }>(
    'select begun, erased from erasure_order where id = $1',
    [id],
  );
  const [row] = rows;
  return row && { begun: row.begun, ...(row.erased !== null && { erased: Number(row.erased) }) };
}

/** Takes an order back. @returns false when somebody has begun to carry it out */
export async function withdrawErasure({ pool }: InDatabase, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from erasure_order where id = $1 and not begun', [id]);
  return rowCount === 1;
}

/** Orders of a log that are not carried out, oldest first. */
export async function openErasures({ pool }: InDatabase, origin: string): Promise<ErasureOrder[]> {
  const { rows } = await pool.query<ErasureOrder>({
    name: 'erasures-open',
    text: 'select id, before, said from erasure_order where origin = $1 and erased is null order by id',
    values: [origin],
  });
  return rows;
}

/** From now on it cannot be taken back. @returns false when it was meanwhile */
export async function beginErasure({ pool }: InDatabase, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('update erasure_order set begun = true where id = $1', [id]);
  return rowCount === 1;
}

/** The log says so; it is not said again. */
export async function noteErasureSaid({ pool }: InDatabase, id: string): Promise<void> {
  await pool.query('update erasure_order set said = true where id = $1', [id]);
}

/** The order is carried out. */
export async function closeErasure({ pool }: InDatabase, id: string, erased: number): Promise<void> {
  await pool.query('update erasure_order set erased = $2 where id = $1', [id, erased]);
}
