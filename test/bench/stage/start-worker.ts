import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type CallMessage, type EndMessage } from './worker.js';

/** A process of the benchmark that is none of the product's. */
export interface Worker {
  pid: number;
  url: string;
  /** @throws Error with what the process says, or when it ends first */
  call<T>(name: string, argument?: unknown): Promise<T>;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

type Said = EndMessage | { ready: { url?: string } };

const ROOT = join(import.meta.dirname, '..');

/**
 * Starts `<file>.js` beside this program as a process of its own and waits until it is ready. It sees no variable but PATH,
 * and ends when this process does.
 */
export async function startWorker(file: string, settings: object): Promise<Worker> {
  const child = fork(join(ROOT, `${file}.js`), [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    execArgv: ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'], // kafkajs's own, harmless
    stdio: ['ignore', 2, 2, 'ipc'], // what they say is never the benchmark's answer
  });
  child.send(settings);
  const waiting = new Map<number, Waiting>();
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
    waiting.clear();
  });
  const ready = new Promise<string>((resolve) => {
    child.on('message', (said: Said) => {
      if ('ready' in said) resolve(said.ready.url ?? '');
      else settle(waiting, said);
    });
  });
  const url = await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`${file} did not start`))),
  ]);
  let calls = 0;
  return {
    pid: child.pid!,
    url,
    call: <T>(call: string, argument: unknown = {}) =>
      new Promise<T>((resolve, reject) => {
        const message: CallMessage = { id: ++calls, call, argument };
        waiting.set(message.id, { resolve: resolve as (result: unknown) => void, reject });
        child.send(message);
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function settle(waiting: Map<number, Waiting>, { id, result, fault }: EndMessage): void {
  const { resolve, reject } = waiting.get(id)!;
  waiting.delete(id);
  if (fault === undefined) resolve(result);
  else reject(new Error(fault));
}
