import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { type Account } from './account.js';
import { type Installation, projectRoot } from './binaries.js';
import { type Cluster } from './cluster.js';
import { liveServer, untilVacant } from './former-server.js';

export type StopMode = 'fast' | 'immediate';

export interface Server {
  pid: number;
  port: number;
  stop(mode: StopMode): Promise<void>;
}

export interface ServerOptions {
  /** 0 = any free one. */
  port: number;
  settings: Readonly<Record<string, string>>;
  /** Remove the cluster's directory after a fast stop, or when this process ends in whatever way. */
  ephemeral: boolean;
}

const START_MS = 60_000;
const POLL_MS = 10;
const PORT_ATTEMPTS = 5;

/** Starts the server under its guard, once a former one has stopped, and waits until it takes connections. */
export async function startServer(
  cluster: Cluster,
  installation: Installation,
  account: Account | undefined,
  options: ServerOptions,
): Promise<Server> {
  await untilVacant(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await freePort() : options.port;
    const guard = spawnGuard(cluster, installation, account, { ...options, port });
    try {
      const pid = await readPid(guard);
      await untilReady(cluster, guard, pid);
      return { pid, port, stop: (mode) => stopGuard(guard, mode) };
    } catch (error) {
      await stopGuard(guard, 'immediate');
      const retry =
        options.port === 0 &&
        attempt < PORT_ATTEMPTS &&
        (await tail(cluster.log)).includes('Address already in use');
      if (!retry) throw error;
    }
  }
}

function spawnGuard(
  cluster: Cluster,
  { postgres }: Installation,
  account: Account | undefined,
  options: ServerOptions,
) {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(options.port),
    max_connections: '300',
    timezone: 'UTC',
    ...options.settings,
  };
  const args = [
    '-D',
    cluster.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const job = {
    command: postgres,
    args,
    ...account,
    log: cluster.log,
    ...(options.ephemeral && { remove: cluster.dir }),
  };
  const guard = spawn(
    process.execPath,
    [join(projectRoot(), 'scripts', 'postgres-guard.mjs'), JSON.stringify(job)],
    {
      detached: true, // its own session: Ctrl-C at the terminal is for the programs, which then stop the server in order
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: cluster.dir,
      env: { PATH: process.env['PATH'] },
    },
  );
  guard.on('error', () => guard.kill()); // said again by readPid as an early exit
  guard.stdin.on('error', () => guard.unref()); // the guard is gone; its exit is what callers wait for
  keepAlive(guard, false);
  return guard;
}

async function readPid(guard: ChildProcess): Promise<number> {
  const stdout = guard.stdout;
  if (!stdout) throw new Problem('database-unavailable', { detail: 'the PostgreSQL guard has no output' });
  keepAlive(guard, true);
  const [chunk] = (await Promise.race([once(stdout, 'data'), once(guard, 'exit').then(() => [''])])) as [
    Buffer | string,
  ];
  keepAlive(guard, false);
  const pid = Number(String(chunk).trim());
  if (!pid)
    throw new Problem('database-unavailable', { detail: 'the PostgreSQL guard could not start the server' });
  return pid;
}

/** Its own pid must stand in the file: another server on the same directory is not the one that was started. */
async function untilReady(cluster: Cluster, guard: ChildProcess, pid: number): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (guard.exitCode !== null || guard.signalCode !== null) {
      throw new Problem('database-unavailable', {
        detail: 'PostgreSQL ended while starting',
        cause: await tail(cluster.log),
      });
    }
    if ((await readyServer(cluster))?.pid === pid) return;
  }
  throw new Problem('database-unavailable', {
    detail: 'PostgreSQL did not start in time',
    cause: await tail(cluster.log),
  });
}

/** The server that says in postmaster.pid that it takes connections, if it is alive. */
export async function readyServer(cluster: Cluster): Promise<{ pid: number; port: number } | undefined> {
  const live = await liveServer(cluster);
  return live?.status === 'ready' ? live : undefined;
}

async function stopGuard(guard: ChildProcess, mode: StopMode): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  guard.ref();
  const exited = once(guard, 'exit');
  guard.stdin?.end(`${mode}\n`);
  await exited;
}

/** A guard holds nobody up: a program that forgets to stop its server ends, and the guard stops it then. */
function keepAlive(guard: ChildProcess, alive: boolean): void {
  for (const handle of [guard, guard.stdin, guard.stdout] as { ref(): void; unref(): void }[]) {
    if (alive) handle.ref();
    else handle.unref();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function tail(log: string): Promise<string> {
  return (await readFile(log, 'utf8').catch(() => '')).slice(-2_000);
}
