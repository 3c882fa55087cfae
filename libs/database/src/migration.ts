import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Problem } from '#problem';
import { silentLogger } from './silent-logger.js';

/** One step of a schema. Names are unique within a database and never change once released. */
export interface Migration {
  name: string;
  /** SQL, run in one transaction with the record that it ran. */
  up: string;
}

/** Any number, the same in every process: who holds it migrates, the others wait and then find nothing to do. */
const MIGRATION_LOCK = 7_203_196_041;

/**
 * A step waits this long for a lock that somebody holds, a backup for example, milliseconds: everybody else who wants the
 * table waits behind it. Less than after what they give up (`lock_timeout` of a process's own connections), and more than
 * after what PostgreSQL makes an autovacuum give way (`deadlock_timeout`, one second).
 */
const LOCK_WAIT_MS = 1_500;
/** Then it lets them through, and tries again: for about a minute and a half in all. */
const PATIENCE = { tries: 14, pauseMs: 5_000 };
/** SQLSTATE `lock_not_available` */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs what has not run yet, one process at a time, each step in its own transaction, and ends the pool.
 * @param migrations in order; a step that stands there twice is run once
 * @param patience how often it is tried to get the locks, with which pauses
 * @throws Problem `database-unavailable` when others hold a table for too long; the driver's error
 */
export async function bringUpToDate(
  pool: Pool,
  migrations: readonly Migration[],
  patience = PATIENCE,
): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: poolAsDriver(pool),
    migrations: migrationClasses([...new Set(migrations)]),
    migrationsTableName: 'migrations',
    logger: silentLogger,
  });
  try {
    await dataSource.initialize();
    await migrate(dataSource, patience);
  } finally {
    await (dataSource.isInitialized ? dataSource.destroy() : pool.end());
  }
}

/** TypeORM makes its own pool from the `pg` module it is given; handed ours, it works on guarded connections. */
function poolAsDriver(pool: Pool): unknown {
  return {
    Pool: function Pool() {
      return pool;
    },
  };
}

/** Wraps SQL steps as the migration classes that TypeORM wants; they run in the order of the list. */
function migrationClasses(migrations: readonly Migration[]): (new () => MigrationInterface)[] {
  return migrations.map(
    ({ name, up }) =>
      class implements MigrationInterface {
        // TypeORM sorts by the last 13 characters, its timestamp; all equal, the order of the list stays (stable sort).
        name = `${name} 0000000000001`;

        async up(runner: QueryRunner): Promise<void> {
          await runner.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
          await runner.query(up);
        }

        down(): Promise<void> {
          return Promise.reject(new Error(`migration ${name} has no way back: restore a backup`));
        }
      },
  );
}

async function migrate(dataSource: DataSource, patience: typeof PATIENCE): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      await withPatience(patience, () => executor.executePendingMigrations());
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}

/** What is done stays done: each try goes on with the step that did not get its lock. */
async function withPatience(
  { tries, pauseMs }: typeof PATIENCE,
  work: () => Promise<unknown>,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      if (tried >= tries) throw tablesHeld(error);
    }
    await sleep(pauseMs);
  }
}

function tablesHeld(cause: unknown): Problem {
  return new Problem('database-unavailable', {
    detail:
      'the schema cannot be brought up to date: somebody holds a table (a backup?); start again when it is done',
    cause,
  });
}
