import { resolve } from 'node:path';
import pg from 'pg';
import { Problem } from '#problem';
import { serverAccount } from './postgres/account.js';
import { findInstallation } from './postgres/binaries.js';
import {
  type Cluster,
  existingCluster,
  openCluster,
  prepareDirectory,
  SUPERUSER,
} from './postgres/cluster.js';
import { readyServer, startServer, type StopMode } from './postgres/server.js';

export interface EmbeddedPostgresOptions {
  /** The cluster's directory; made when missing, opened again when it holds a cluster. */
  dir: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** PostgreSQL settings, e.g. `{ fsync: 'off' }` where nothing needs to survive. Default: durable. */
  settings?: Readonly<Record<string, string>>;
  /** The directory is removed after a fast stop and when this process ends, kill -9 included. */
  ephemeral?: boolean;
}

/** A running cluster, whoever started it. */
export interface RunningPostgres {
  readonly port: number;
  /** The postmaster's process id. */
  readonly pid: number;
  /** Connection URL with password; default database and role: `postgres`, the superuser. */
  url(database?: string, role?: string): string;
  /** Makes a role (default: named as the database) and a database that it owns, when missing; returns its URL. */
  createDatabase(name: string, role?: string): Promise<string>;
}

export interface EmbeddedPostgres extends RunningPostgres {
  /** `fast` is orderly; `immediate` is a crash, after which a start on the same directory recovers. */
  stop(mode?: StopMode): Promise<void>;
}

/**
 * A PostgreSQL of one's own on loopback, run from npm's binaries under `scripts/postgres-guard.mjs`: however this process
 * ends, no server stays behind.
 *
 * @throws Problem `database-unavailable` when there is no binary, no account to run it, or it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const settings = options.settings ?? {};
  const account = await serverAccount();
  await prepareDirectory(dir, account);
  const installation = await findInstallation(dir, account);
  const cluster = await openCluster(dir, installation, account, settings['fsync'] !== 'off');
  const server = await startServer(cluster, installation, account, {
    port: options.port ?? 0,
    settings,
    ephemeral: options.ephemeral ?? false,
  });
  return { ...running(cluster, server), stop: (mode = 'fast') => server.stop(mode) };
}

/** The cluster in `dir` when its server is up, started by whichever process; `undefined` when it is not. */
export async function attachEmbeddedPostgres(dir: string): Promise<RunningPostgres | undefined> {
  const cluster = await existingCluster(resolve(dir));
  const server = cluster && (await readyServer(cluster));
  return server && running(cluster, server);
}

function running(cluster: Cluster, { port, pid }: { port: number; pid: number }): RunningPostgres {
  const url: RunningPostgres['url'] = (database = SUPERUSER, role = SUPERUSER) =>
    `postgres://${role}:${cluster.password(role)}@127.0.0.1:${port}/${database}`;
  return { port, pid, url, createDatabase: (name, role = name) => createDatabase(url, cluster, name, role) };
}

async function createDatabase(
  url: RunningPostgres['url'],
  cluster: Cluster,
  name: string,
  role: string,
): Promise<string> {
  for (const text of [name, role]) {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(text)) {
      throw new Problem('database-unavailable', {
        detail: 'names of databases and roles: a-z, 0-9 and _, starting with a letter',
      });
    }
  }
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  try {
    await unlessThere(client, `create role "${role}" login password '${cluster.password(role)}'`);
    await unlessThere(client, `create database "${name}" owner "${role}"`);
    await client.query(`revoke all on database "${name}" from public`);
  } finally {
    await client.end();
  }
  return url(name, role);
}

/** duplicate_object, duplicate_database, and what two creators at once meet: unique_violation in the catalogue. */
const ALREADY_THERE = new Set(['42710', '42P04', '23505']);

async function unlessThere(client: pg.Client, statement: string): Promise<void> {
  await client.query(statement).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError && ALREADY_THERE.has(error.code ?? ''))) throw error;
  });
}
