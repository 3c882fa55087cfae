import { type Pool } from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
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
 * Runs what has not run yet, one process at a time, each step in its own transaction, and ends the pool.
 * @param migrations in order; a step that stands there twice is run once
 * @throws the driver's error
 */
export async function bringUpToDate(pool: Pool, migrations: readonly Migration[]): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: poolAsDriver(pool),
    migrations: migrationClasses([...new Set(migrations)]),
    migrationsTableName: 'migrations',
    logger: silentLogger,
  });
  try {
    await dataSource.initialize();
    await migrate(dataSource);
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
          await runner.query(up);
        }

        down(): Promise<void> {
          return Promise.reject(new Error(`migration ${name} has no way back: restore a backup`));
        }
      },
  );
}

async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      await executor.executePendingMigrations();
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}
