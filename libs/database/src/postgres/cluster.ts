import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '#problem';
import { type Account } from './account.js';
import { type Installation, openToOthers } from './binaries.js';

const run = promisify(execFile);

/** The files of one cluster: `data` (PGDATA), `secret` (never leaves the directory), `postgres.log`. */
export interface Cluster {
  dir: string;
  data: string;
  log: string;
  /** A role's password: derived from the cluster's secret, so that nothing but the secret is stored. */
  password(role: string): string;
}

export const SUPERUSER = 'postgres';

/** Makes the directory fit for the server's account: private to it, and reachable. */
export async function prepareDirectory(dir: string, account: Account | undefined): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (account) await chown(dir, account.uid, account.gid);
  await chmod(dir, 0o700);
  if (account && !(await openToOthers(dirname(dir)))) {
    throw new Problem('database-unavailable', {
      detail:
        'PostgreSQL runs as another user, who may not enter the folders above the data directory: choose another one',
    });
  }
}

/** Opens the cluster in `dir`, making it first when there is none. */
export async function openCluster(
  dir: string,
  installation: Installation,
  account: Account | undefined,
  durable: boolean,
): Promise<Cluster> {
  const path = join(dir, 'secret');
  if (!existsSync(path))
    await writeFile(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  const cluster = await clusterOf(dir);
  if (!existsSync(cluster.data)) await initialise(cluster, installation, account, durable);
  return cluster;
}

/** The cluster in `dir`, if there is one. */
export async function existingCluster(dir: string): Promise<Cluster | undefined> {
  return existsSync(join(dir, 'secret')) && existsSync(join(dir, 'data')) ? clusterOf(dir) : undefined;
}

async function clusterOf(dir: string): Promise<Cluster> {
  const secret = await readFile(join(dir, 'secret'), 'utf8');
  const password = (role: string) => createHmac('sha256', secret).update(role).digest('base64url');
  return { dir, data: join(dir, 'data'), log: join(dir, 'postgres.log'), password };
}

/** Beside, then renamed: a run that was killed half-way leaves no directory that looks like a cluster. */
async function initialise(
  cluster: Cluster,
  { initdb }: Installation,
  account: Account | undefined,
  durable: boolean,
) {
  const fresh = `${cluster.data}.new`;
  const passwordFile = join(cluster.dir, 'initial-password');
  await rm(fresh, { recursive: true, force: true });
  await writeFile(passwordFile, cluster.password(SUPERUSER), { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const access = ['--auth-local=reject', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', `--username=${SUPERUSER}`];
  try {
    await run(initdb, [`--pgdata=${fresh}`, ...access, ...locale, ...(durable ? [] : ['--no-sync'])], {
      ...account,
      cwd: cluster.dir,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] },
    });
  } catch (cause) {
    throw new Problem('database-unavailable', { detail: 'initdb failed', cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, cluster.data);
}
