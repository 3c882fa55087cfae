import pg from 'pg';
import { cutDeadConnections } from './cut-dead-connections.js';
import { bringUpToDate, type Migration } from './migration.js';
import { traceStatements } from './trace-statements.js';
import { withOptions } from './with-options.js';

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity. */
  name: string;
  /** In order. A step that two rooms both name is run once. */
  migrations: readonly Migration[];
  /** Most connections; default 10, at least 2. */
  poolSize?: number;
  /**
   * A connection's statements are sent without waiting for the answers to those before them; the server still runs them one
   * after the other. Neither COPY nor a cursor can be used then, and a statement that has no answer after five seconds is
   * given up with its connection: whoever waits behind it would wait as long as TCP does, a quarter of an hour. Default: as
   * `openDatabase` and `openPool` say.
   */
  pipeline?: boolean;
}

export interface Database {
  pool: pg.Pool;
  close: () => Promise<void>;
}

/** A statement that has no answer after this long has lost its connection, milliseconds. */
const ANSWER_MS = 5_000;
/**
 * What the server ends by itself, for a client that is gone cannot: a statement a little before its client gives it up, a wait
 * for a lock sooner, a transaction whose client says nothing more, so that the locks it holds stop nobody for long; and a
 * statement whose client has gone is noticed within a second.
 */
const SERVER_LIMITS = {
  statement_timeout: 4_500,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 5_000,
};
const SESSION = '-c client_connection_check_interval=1s';
/** A connection quiet for this long is asked whether it is still there, milliseconds; Node then asks each second, ten times. */
const QUIET_MS = 10_000;

/**
 * Opens one node's database and brings its schema up to date, on a connection of its own whose statements may take as long
 * as they need, but wait for others' locks only a moment at a time. Two processes that open it at once migrate once.
 * Pipelined unless told otherwise.
 *
 * @throws Problem `database-unavailable` when others hold what a migration changes; the driver's error when the server is not there or a migration fails; nothing stays open then
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { migrations, ...access } = options;
  await bringUpToDate(openPool({ ...access, poolSize: 2, pipeline: false }), migrations);
  const pool = openPool({ pipeline: true, ...access });
  return { pool, close: () => pool.end() };
}

/**
 * A pool that a lost connection cannot crash the process with. A pooled client reports the loss as an `error` event: an
 * idle one through its pool, a checked-out one on itself, and either throws when nobody listens (node-postgres 2439). The
 * query in flight rejects all the same, so the listeners have nothing left to do. Not pipelined unless told so.
 */
export function openPool({
  url,
  name,
  poolSize = 10,
  pipeline = false,
}: Omit<DatabaseOptions, 'migrations'>): pg.Pool {
  const pool = new pg.Pool({
    connectionString: pipeline ? withOptions(url, SESSION) : url,
    application_name: name,
    max: Math.max(2, poolSize),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: QUIET_MS,
    pipeline,
    ...(pipeline && { query_timeout: ANSWER_MS, ...SERVER_LIMITS }),
  });
  const heard = () => undefined;
  pool.on('error', heard);
  pool.on('connect', (client) => client.on('error', heard));
  cutDeadConnections(pool);
  traceStatements(pool, name);
  return pool;
}
