import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import {
  type Database,
  type DatabaseOptions,
  type Migration,
  openDatabase,
  openPool,
  type RunningPostgres,
} from '#database';
import { workerPostgres } from './worker-postgres.js';

/**
 * A database of the calling `describe` (or file), migrated, owned by an ordinary role as in production, dropped afterwards.
 *
 * @example const database = useDatabase(evidenceMigrations); … await database().pool.query('…')
 */
export function useDatabase(
  migrations: readonly Migration[],
  options: Pick<DatabaseOptions, 'poolSize' | 'pipeline'> = {},
): () => Database {
  const url = useDatabaseUrl();
  let database: Database | undefined;
  beforeAll(async () => {
    database = await openDatabase({ url: url(), name: 'spec', migrations, ...options });
  });
  afterAll(() => database?.close());
  return () => database ?? fail();
}

/** The URL of an empty database, for a spec that opens it by itself (or several times). */
export function useDatabaseUrl(): () => string {
  const name = `spec_${randomBytes(8).toString('hex')}`;
  let server: RunningPostgres | undefined;
  let url: string | undefined;
  beforeAll(async () => {
    server = await workerPostgres();
    url = await server.createDatabase(name);
  });
  afterAll(() => server && drop(server, name));
  return () => url ?? fail();
}

async function drop(server: RunningPostgres, name: string): Promise<void> {
  const pool = openPool({ url: server.url(), name: 'spec' });
  await pool.query(`drop database if exists "${name}" with (force)`);
  await pool.query(`drop role if exists "${name}"`);
  await pool.end();
}

function fail(): never {
  throw new Error('use it inside a test or a later hook: beforeAll has not run');
}
