import pg from 'pg';
import { DataSource } from 'typeorm';
import { type Migration, migrate, migrationClasses } from './migration.js';
import { silentLogger } from './silent-logger.js';
import { traceStatements } from './trace-statements.js';

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
   * after the other. Neither COPY nor a cursor can be used then. Default: as `openDatabase` and `openPool` say.
   */
  pipeline?: boolean;
}

export interface Database {
  /** For hand-written SQL; `dataSource` runs on the same connections. */
  pool: pg.Pool;
  dataSource: DataSource;
  close: () => Promise<void>;
}

/**
 * Opens one node's database and brings its schema up to date. Two processes that open it at once migrate once. Pipelined
 * unless told otherwise.
 *
 * @throws the driver's error when the server is not there or a migration fails; nothing stays open then
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = openPool({ pipeline: true, ...options });
  const dataSource = new DataSource({
    type: 'postgres',
    driver: poolAsDriver(pool),
    migrations: migrationClasses([...new Set(options.migrations)]),
    migrationsTableName: 'migrations',
    logger: silentLogger,
  });
  try {
    await dataSource.initialize();
    await migrate(dataSource);
  } catch (error) {
    await (dataSource.isInitialized ? dataSource.destroy() : pool.end());
    throw error;
  }
  return { pool, dataSource, close: () => dataSource.destroy() };
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
    connectionString: url,
    application_name: name,
    max: Math.max(2, poolSize),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    pipeline,
  });
  const heard = () => undefined;
  pool.on('error', heard);
  pool.on('connect', (client) => client.on('error', heard));
  traceStatements(pool, name);
  return pool;
}

/** TypeORM makes its own pool from the `pg` module it is given; handed ours, both work on the same, guarded connections. */
function poolAsDriver(pool: pg.Pool): unknown {
  return {
    Pool: function Pool() {
      return pool;
    },
  };
}
