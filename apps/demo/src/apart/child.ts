import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';
import { Problem } from '#problem';

/** A process of ours that this one has started; it ends when this one does. */
export interface Child {
  name: string;
  pid: number;
  /** Where it is served, once it is ready. */
  url: string;
  /** Resolves when it has ended, whatever ended it. */
  ended: Promise<void>;
  /** Orderly: SIGTERM, what is in hand is finished. Resolves when it has ended. */
  stop(): Promise<void>;
  /** SIGKILL. Resolves when it has ended. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  /** The folder under `apps` whose `main` is run. */
  app: string;
  name: string;
  env: Readonly<Record<string, string>>;
  /** What it writes is appended here. */
  logFile: string;
}

/** kafkajs arms a timer with a time that is past; Node 24 says so at each connection. It does no harm. */
const QUIET = '--disable-warning=TimeoutNegativeWarning';
/** The children share what V8 has compiled: twenty starts then cost little more than one. */
const COMPILE_CACHE = join(projectRoot(), '.cache', 'compiled');

/**
 * Starts a built process and waits until it says that it is ready. It sees no variable of this process but PATH.
 * @throws Problem `internal` with its last words when it ends before that
 */
export async function startChild({ app, name, env, logFile }: ChildOptions): Promise<Child> {
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(join(projectRoot(), 'dist', 'apps', app, 'src', 'main.js'), {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    execArgv: [QUIET], // without source maps: reading them is a tenth of a start
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit').then(() => undefined);
  const url = await Promise.race([readyUrl(child), ended]);
  if (url === undefined)
    throw new Problem('internal', { detail: `${name} did not start: ${lastWords(logFile)}` });
  const endWith = (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    return ended;
  };
  return {
    name,
    pid: child.pid!,
    url,
    ended,
    stop: () => endWith('SIGTERM'),
    kill: () => endWith('SIGKILL'),
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const [message] = (await once(child, 'message')) as [{ ready: { url?: string } }];
  return message.ready.url ?? '';
}

/** The line in words that a process ends with when it cannot start; the others are JSON. */
function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => !line.startsWith('{')).at(-1) ?? 'it said nothing';
}
