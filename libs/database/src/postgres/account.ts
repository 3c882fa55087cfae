import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '#problem';

const run = promisify(execFile);

/** The operating-system account that owns the data directory and runs the server. */
export interface Account {
  uid: number;
  gid: number;
}

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root. As root (a container, usually) the account `postgres` is used, and made when it is
 * not there; anyone else runs it as themselves (`undefined`).
 *
 * @throws Problem `database-unavailable` when there is no such account and none can be made
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known) return known;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      NAME,
    ]);
  } catch (cause) {
    throw unusable(cause);
  }
  const made = await lookUp();
  if (!made) throw unusable();
  return made;
}

/** Hands a folder with all it holds to the account. */
export async function giveTo(account: Account, path: string): Promise<void> {
  await run('chown', ['-R', `${account.uid}:${account.gid}`, path]);
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, NAME])));
    return uid && gid && { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // `id` fails when the account does not exist, which is an answer
  }
}

function unusable(cause?: unknown): Problem {
  return new Problem('database-unavailable', {
    detail: `PostgreSQL does not run as root: create the system user "${NAME}", or start as another user`,
    cause,
  });
}
