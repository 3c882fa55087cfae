import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { Problem } from '#problem';
import { saidBy } from './said-by.js';

const run = promisify(execFile);

/** Who would install: only root may. */
export interface Installer {
  uid: number | undefined;
}

/** Newest distributions no longer carry 17. */
const JAVA_PACKAGES = ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'];

/** Whether packages may be installed here: root, on Debian or Ubuntu. */
export async function mayInstall(env: NodeJS.ProcessEnv, { uid }: Installer): Promise<boolean> {
  return uid === 0 && (await succeeds('apt-get', ['--version'], env));
}

/**
 * `apt-get update` and install, said on standard error because it takes a while. Two processes that find the same gap take
 * turns (flock, always there on Debian), and the second finds the packages in place.
 *
 * @throws Problem `transport-unavailable` when apt-get fails
 */
export async function installPackages(maven: boolean, java: boolean, env: NodeJS.ProcessEnv): Promise<void> {
  process.stderr.write(
    `installing ${[java && 'Java', maven && 'Maven'].filter(Boolean).join(' and ')} with apt-get\n`,
  );
  await apt(['update'], env);
  const packages = [...(java ? [await javaPackage(env)] : []), ...(maven ? ['maven'] : [])];
  await apt(['install', '-y', '--no-install-recommends', ...packages], env);
}

async function javaPackage(env: NodeJS.ProcessEnv): Promise<string> {
  for (const name of JAVA_PACKAGES) {
    if (await succeeds('apt-cache', ['show', name], env)) return name;
  }
  throw new Problem('transport-unavailable', {
    detail: `apt-get knows none of ${JAVA_PACKAGES.join(', ')}: install Java 17 or newer`,
  });
}

async function apt(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const lock = join(tmpdir(), 'exchange-gateway-apt.lock');
  try {
    await run('flock', [lock, 'apt-get', '-qq', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    const said = saidBy(cause).slice(-500);
    throw new Problem('transport-unavailable', {
      detail: `apt-get ${args.join(' ')} failed: ${said}`,
      cause,
    });
  }
}

async function succeeds(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run(command, args, { env });
    return true;
  } catch {
    return false; // a failure is the answer
  }
}
