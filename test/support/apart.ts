import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import { startApart, type ApartOptions, type ApartProvince } from '#apps/demo';
import { projectRoot } from '#config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#database';

export interface TestApart extends ApartProvince {
  dir: string;
  /** Stops PostgreSQL as a crash would, and starts it where it was once `meanwhile` is over. */
  restartPostgres(meanwhile: () => Promise<unknown>): Promise<void>;
}

const SETTINGS = { fsync: 'off', max_connections: '300' };

/**
 * A province whose processes run apart on a real broker and PostgreSQL, for the specs of one file. What is killed is processes,
 * never the machine: PostgreSQL commits but does not sync.
 */
export function useApart(options: Omit<ApartOptions, 'dir' | 'persons' | 'seed'>): () => TestApart {
  let province: TestApart | undefined;
  let dir: string;
  let restarted: EmbeddedPostgres | undefined;
  const restartPostgres: TestApart['restartPostgres'] = async (meanwhile) => {
    const { postgres } = province!.databases;
    await (restarted ?? postgres).stop('immediate');
    await meanwhile();
    const { port } = postgres;
    restarted = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), port, settings: SETTINGS });
  };
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'exchange-gateway-apart-'));
    chmodSync(dir, 0o711); // PostgreSQL may run as another user
    await built();
    const started = await startApart({ settings: SETTINGS, ...options, dir, persons: 60, seed: 7 });
    province = { ...started, dir, restartPostgres };
  }, 240_000);
  afterAll(async () => {
    await province?.close();
    await restarted?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);
  return () => {
    if (!province) throw new Error('the province has not started');
    return province;
  };
}

const BUILD_INFO = join(projectRoot(), 'dist', 'build.tsbuildinfo');
const LOCK = join(projectRoot(), '.cache', 'build.lock');

/** Compiles what processes run, unless that is newer than every source. Of several callers one compiles. */
export async function built(): Promise<void> {
  for (;;) {
    if (await isFresh()) return;
    if (await locked()) break;
    await sleep(200);
  }
  try {
    const begun = new Date();
    const tsc = join(projectRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '-p', join(projectRoot(), 'tsconfig.build.json')];
    await promisify(execFile)(process.execPath, args, { cwd: projectRoot() }).catch(saySource);
    await utimes(BUILD_INFO, begun, begun);
  } finally {
    await rm(LOCK, { force: true });
  }
}

/** tsc says what is wrong on standard output. */
function saySource(error: Error & { stdout?: string }): never {
  throw new Error(`tsc: ${error.stdout ?? error.message}`, { cause: error });
}

/** One of the callers holds the lock; that of a caller who is gone is taken away. */
async function locked(): Promise<boolean> {
  await mkdir(dirname(LOCK), { recursive: true });
  try {
    const file = await open(LOCK, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await unlockDead();
    return false;
  }
}

async function unlockDead(): Promise<void> {
  try {
    const holder = Number(await readFile(LOCK, 'utf8'));
    if (holder > 0) process.kill(holder, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') await rm(LOCK, { force: true });
  }
}

async function isFresh(): Promise<boolean> {
  const info = await stat(BUILD_INFO).catch(() => undefined); // never compiled
  if (!info) return false;
  const newest = await Promise.all(['apps', 'libs'].map((folder) => newestIn(join(projectRoot(), folder))));
  return Math.max(...newest) <= info.mtimeMs;
}

/** When the newest TypeScript file below a folder was written, milliseconds since the epoch. */
async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /(?<!\.(spec|fixture))\.ts$/.test(entry.name));
  const stats = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
}
