import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { type Pool, type PoolClient } from 'pg';
import { Problem } from '#problem';

/** The log's head as the database has it. */
export interface HeadRow {
  size: number;
  root: Buffer;
  seal: Buffer;
  fence: number;
  closed: boolean;
}

/** Server-side bounds, milliseconds: a statement or a lock that takes longer fails, and its transaction with it. */
const SETTINGS =
  "set statement_timeout = '1500ms'; set lock_timeout = '1000ms'; set synchronous_commit = on; " +
  "set idle_in_transaction_session_timeout = '5s'";
const POLL_MS = 50;

/** A lease may outlive its closed connection, or its killed process, until the server notices: a successor waits this long. */
export const LEASE_PATIENCE_MS = 1_000;

/**
 * The one connection on which a log is written. It holds the lease, an advisory lock that lives exactly as long as the
 * connection: whoever has it knows that no transaction of an earlier session is still under way.
 */
export class WriterSession {
  private open = true;
  private released = false;

  private constructor(
    readonly client: PoolClient,
    /** The server process: to end it, should it outlive a connection that we gave up. */
    readonly pid: number,
  ) {
    const lost = () => (this.open = false);
    client.on('error', lost);
    client.on('end', lost);
  }

  /**
   * Connects and takes the lease, waiting for it up to `patienceMs`.
   *
   * @returns undefined when someone else has the lease
   * @throws the driver's error when the database is not there
   */
  static async begin(pool: Pool, origin: string, patienceMs: number): Promise<WriterSession | undefined> {
    const client = await pool.connect();
    try {
      await client.query(SETTINGS);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      for (const end = Date.now() + patienceMs; !(await takeLease(client, origin)); await sleep(POLL_MS)) {
        if (Date.now() >= end) {
          client.release(true);
          return undefined;
        }
      }
      return new WriterSession(client, rows[0]!.pid);
    } catch (error) {
      client.release(asError(error));
      throw error;
    }
  }

  get alive(): boolean {
    return this.open;
  }

  /**
   * Ends the connection and with it the lease.
   * @param cause why it is given up, for the pool: what was lost here is lost elsewhere too
   */
  end(cause?: unknown): void {
    this.open = false;
    if (this.released) return;
    this.released = true;
    this.client.release(asError(cause));
  }

  head(origin: string): Promise<HeadRow | undefined> {
    return readHead(this.client, origin);
  }
}

/** Reads a log's head. Numbers come as text: a log may outgrow 32 bits, not 53. */
export async function readHead(
  client: Pick<PoolClient, 'query'>,
  origin: string,
): Promise<HeadRow | undefined> {
  const { rows } = await client.query<{
    size: string;
    root: Buffer;
    seal: Buffer;
    fence: string;
    closed: boolean;
  }>('select size, root, seal, fence, closed from log_head where origin = $1', [origin]);
  const row = rows[0];
  return row && { ...row, size: Number(row.size), fence: Number(row.fence) };
}

/**
 * Ends what is left of an earlier session of ours that the server has not noticed to be gone. Only a process that holds
 * a lease is ended, so that a reused process id hits nobody.
 */
export async function endLeftover(pool: Pool, pid: number): Promise<void> {
  await pool.query(
    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid = $1",
    [pid],
  );
}

/** What a writer that finds the lease taken says. */
export function fenced(): Problem {
  return new Problem('log-fenced', { detail: 'another writer holds this log' });
}

/** What a client is given back with that is to go: `true` when nobody knows why. */
function asError(cause: unknown): Error | true {
  return types.isNativeError(cause) ? cause : true;
}

async function takeLease(client: PoolClient, origin: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 6962)) as taken',
    [origin],
  );
  return rows[0]!.taken;
}
