import { Problem } from '#problem';
import { orAborted } from './or-aborted.js';
import { type SourcePool } from './source-pool.js';

/** What every statement of a view gives besides its columns. */
export interface KeyedRow {
  /** State of the data, seconds since the epoch: every row has it, and reading a number costs a fraction of reading a time. */
  '~asOf': number;
  /** Place of the key, from 1; null: nothing was found at all. */
  '~key': string | null;
}

/** What the source has under one question's keys; places are its own, from 1. */
export interface Found<R extends KeyedRow> {
  asOf: Date;
  rows: R[];
}

/** Columns of keys: kinds, numbers, normal forms. */
export type Keys = readonly [
  kinds: readonly string[],
  numbers: readonly (string | null)[],
  normals: readonly (string | null)[],
];

interface Asking {
  keys: Keys;
  signal: AbortSignal;
  resolve: (found: Found<KeyedRow>) => void;
  reject: (error: unknown) => void;
}

interface Turn {
  sql: string;
  given: readonly unknown[];
  keys: number;
  asking: Asking[];
}

/** Keys in one statement, unless one question has more. */
const MOST_KEYS = 1_000;

/**
 * Sends what the questions of one turn of the event loop ask of the same view, for the same fields and parameters, as one
 * statement: group commits hand over many at once, and each round trip costs the source more than a key does. Each gets the
 * rows of its own keys and no others. One that is given up is not waited for; the statement is cancelled when all are.
 */
export class SharedReads {
  private readonly turns = new Map<string, Turn>();

  constructor(private readonly pool: Pick<SourcePool, 'read'>) {}

  /**
   * @param sql takes the keys as its first three parameters, `given` as the others
   * @throws Problem as `SourcePool.read`
   */
  find<R extends KeyedRow>(
    sql: string,
    keys: Keys,
    given: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Found<R>> {
    const turn = this.turnOf(sql, given, keys[0].length);
    const found = new Promise<Found<KeyedRow>>((resolve, reject) => {
      turn.asking.push({ keys, signal, resolve, reject });
      turn.keys += keys[0].length;
    });
    return orAborted(found as Promise<Found<R>>, signal);
  }

  private turnOf(sql: string, given: readonly unknown[], more: number): Turn {
    const name = JSON.stringify([sql, given]);
    const gathering = this.turns.get(name);
    if (gathering && gathering.keys + more <= MOST_KEYS) return gathering;
    const turn: Turn = { sql, given, keys: 0, asking: [] };
    this.turns.set(name, turn);
    setImmediate(() => {
      if (this.turns.get(name) === turn) this.turns.delete(name);
      void this.send(turn);
    });
    return turn;
  }

  /** Never rejects. A statement that fails for one question's sake must not be the others': each is then asked alone. */
  private async send({ sql, given, asking }: Pick<Turn, 'sql' | 'given' | 'asking'>): Promise<void> {
    const waiting = asking.filter(({ signal }) => !signal.aborted);
    if (waiting.length === 0) return;
    try {
      const rows = await this.read(sql, given, waiting);
      share(rows, waiting);
    } catch (error) {
      if (waiting.length === 1) waiting[0]!.reject(error);
      else await Promise.all(waiting.map((one) => this.send({ sql, given, asking: [one] })));
    }
  }

  private async read(sql: string, given: readonly unknown[], asking: readonly Asking[]): Promise<KeyedRow[]> {
    const all = allAborted(asking.map(({ signal }) => signal));
    const columns = [0, 1, 2].map((column) => asking.flatMap(({ keys }) => keys[column] as unknown[]));
    try {
      return await this.pool.read<KeyedRow>(sql, [...columns, ...given], all.signal);
    } finally {
      all.forget();
    }
  }
}

/** Gives each its own rows, in the order in which they came; their places become its own. */
function share(rows: readonly KeyedRow[], asking: readonly Asking[]): void {
  const [first] = rows;
  if (!first) throw new Problem('source-unavailable', { detail: 'a view that always has one row had none' });
  const asOf = millisecond(first['~asOf']);
  const owners = asking.flatMap(({ keys }, owner) => keys[0].map(() => owner));
  const starts = startsOf(asking);
  const shares: KeyedRow[][] = asking.map(() => []);
  for (const row of rows) {
    if (row['~key'] === null) continue;
    const place = Number(row['~key']);
    const owner = owners[place - 1]!;
    row['~key'] = String(place - starts[owner]!);
    shares[owner]!.push(row);
  }
  asking.forEach(({ resolve }, owner) => resolve({ asOf, rows: shares[owner]! }));
}

/** The millisecond that a time of the source's microseconds lies in. */
function millisecond(seconds: number): Date {
  return new Date(Math.floor(Math.round(seconds * 1e6) / 1e3));
}

function startsOf(asking: readonly Asking[]): number[] {
  let start = 0;
  return asking.map(({ keys }) => (start += keys[0].length) - keys[0].length);
}

/** Aborts once all of them have. */
function allAborted(signals: readonly AbortSignal[]): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) controller.abort();
  };
  for (const signal of signals) signal.addEventListener('abort', look, { once: true });
  look();
  const forget = (): void => signals.forEach((signal) => signal.removeEventListener('abort', look));
  return { signal: controller.signal, forget };
}
