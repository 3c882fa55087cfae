import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool, type PoolClient } from 'pg';
import { openPool, withOptions } from '#database';
import { Problem } from '#problem';
import { orAborted } from './or-aborted.js';

/** Our statements cannot write there, and end by themselves when this process is killed. */
const SESSION = '-c default_transaction_read_only=on -c client_connection_check_interval=1s';

/** How often, and after how many milliseconds each, a statement is told again to end. */
const [CANCELLATIONS, AGAIN_MS] = [20, 50];
/** Statements that a connection keeps planned. */
const MOST_NAMES = 100;

/** The door to an agency's PostgreSQL system: read-only, every statement ends with the question's signal. */
export class SourcePool {
  private readonly pool: Pool;
  /** Apart, because a cancellation is needed most when every connection of the other is stuck. */
  private readonly cancelPool: Pool;
  private readonly cancellations = new Set<Promise<void>>();
  private readonly names = new Map<string, string>();

  constructor(url: string, name: string, size = 8) {
    this.pool = openPool({ url: withOptions(url, SESSION), name, poolSize: size });
    this.cancelPool = openPool({ url, name: `${name}/cancel`, poolSize: 2 });
  }

  /**
   * Runs one read. When the signal aborts it rejects at once and the server is told to cancel the statement, so that a
   * question given up costs the source nothing more.
   * @throws Problem `source-timeout`, `source-unavailable`
   */
  async read<T extends object>(sql: string, values: readonly unknown[], signal: AbortSignal): Promise<T[]> {
    const client = await this.borrow(signal);
    const statement = client.query<T>({ ...this.named(sql), values: [...values] });
    try {
      const { rows } = await orAborted(statement, signal);
      client.release();
      return rows;
    } catch (cause) {
      if (signal.aborted) this.giveUp(client, statement);
      else client.release(true);
      throw asProblem(cause, signal);
    }
  }

  /**
   * Of a view and its fields the text is always the same: named, the source plans it once on each connection. Requesters
   * choose the fields, so the names have an end.
   */
  private named(text: string): { text: string; name?: string } {
    const known = this.names.get(text);
    if (known !== undefined) return { text, name: known };
    if (this.names.size >= MOST_NAMES) return { text };
    const name = `view-${this.names.size}`;
    this.names.set(text, name);
    return { text, name };
  }

  async close(): Promise<void> {
    await Promise.all(this.cancellations);
    await Promise.all([this.pool.end(), this.cancelPool.end()]);
  }

  /** A connection that comes after the signal goes back unused. */
  private async borrow(signal: AbortSignal): Promise<PoolClient> {
    if (signal.aborted) throw new Problem('source-timeout');
    const connecting = this.pool.connect();
    try {
      return await orAborted(connecting, signal);
    } catch (cause) {
      connecting.then(
        (client) => client.release(),
        () => undefined, // it is `cause`, or nobody waits for it any more
      );
      throw asProblem(cause, signal);
    }
  }

  /**
   * Ends a statement whose answer nobody waits for. Its connection is kept until the statement has ended, or the next one
   * on it could be the one that is cancelled, and is then closed.
   */
  private giveUp(client: PoolClient, statement: Promise<unknown>): void {
    const { processID } = client as PoolClient & { processID: number };
    const ended = statement.then(
      () => true,
      () => true, // cancelled, as it was told
    );
    const cancelling = this.cancel(processID, ended).finally(() => {
      client.release(true);
      this.cancellations.delete(cancelling);
    });
    this.cancellations.add(cancelling);
  }

  /**
   * A cancellation that overtakes the statement on its way, on another connection, finds nothing to end: it is repeated.
   * What outlives all of them ends when the server notices that its client has gone.
   */
  private async cancel(processID: number, ended: Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < CANCELLATIONS; attempt++) {
      try {
        await this.cancelPool.query('select pg_cancel_backend($1)', [processID]);
      } catch {
        return; // the source is away, and its statement with it
      }
      if (await Promise.race([ended, sleep(AGAIN_MS, false)])) return;
    }
  }
}

function asProblem(cause: unknown, signal: AbortSignal): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(signal.aborted ? 'source-timeout' : 'source-unavailable', { cause });
}
