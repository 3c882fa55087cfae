import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '#problem';

/** What a cluster is made as, and stays: a folder is opened again only as it was made. */
export interface ClusterShape {
  brokers: 1 | 3;
  /** Names that may log in with a password; `undefined`: no passwords, no rules, loopback only. */
  users: readonly string[] | undefined;
}

/** The folder of one cluster. */
export interface Cluster extends ClusterShape {
  dir: string;
  /** 22 characters of base64url, as Kafka's tools want it. */
  id: string;
  /** Passwords are derived from the cluster's secret, so that nothing but the secret is stored. */
  password(user: string): string;
}

/** Files of one broker, all in its own folder. */
export function brokerFiles(cluster: Pick<Cluster, 'dir'>, broker: number) {
  const home = join(cluster.dir, `broker-${broker}`);
  return {
    home,
    data: join(home, 'data'),
    properties: join(home, 'server.properties'),
    log: join(home, 'server.log'),
    out: join(home, 'server.out'),
  };
}

/** Files that all brokers share. */
export function sharedFiles(cluster: Pick<Cluster, 'dir'>) {
  return {
    keystore: join(cluster.dir, 'broker.p12'),
    ca: join(cluster.dir, 'ca.pem'),
    guard: join(cluster.dir, 'guard.pid'),
  };
}

interface Stored {
  id: string;
  secret: string;
  brokers: 1 | 3;
  users: string[] | null;
}

/**
 * The cluster in `dir`, described anew when there is none.
 *
 * @throws Problem `config-invalid` when the folder cannot be used, or holds a cluster of another shape
 */
export async function openCluster(dir: string, shape: ClusterShape): Promise<Cluster> {
  await makePrivate(dir);
  const path = join(dir, 'cluster.json');
  const users = shape.users ? [...shape.users].sort() : null;
  if (!existsSync(path)) await store(path, { id: newId(), secret: newId(), brokers: shape.brokers, users });
  const stored = JSON.parse(await readFile(path, 'utf8')) as Stored;
  if (stored.brokers !== shape.brokers || JSON.stringify(stored.users) !== JSON.stringify(users)) {
    throw new Problem('config-invalid', {
      detail:
        'this folder holds a Kafka with another number of brokers or other users: choose another folder',
    });
  }
  const password = (user: string) => createHmac('sha256', stored.secret).update(user).digest('base64url');
  return { dir, id: stored.id, ...shape, password };
}

/** Keys and passwords are in it. */
async function makePrivate(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await chmod(dir, 0o700);
  } catch (cause) {
    throw new Problem('config-invalid', { detail: 'the folder for the data cannot be used', cause });
  }
}

async function store(path: string, cluster: Stored): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(cluster), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Not beginning with `-`, which Kafka's tools would take for an option. */
function newId(): string {
  return `A${randomBytes(16).toString('base64url').slice(1)}`;
}
