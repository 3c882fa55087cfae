import { join } from 'node:path';
import { type Trial } from '../figure.js';
import { cpuSeconds } from '../stage/proc-stat.js';
import { servers } from '../stage/servers.js';
import { startWorker, type Worker } from '../stage/start-worker.js';
import { type Prop, type Stage } from '../stage/stage.js';
import type { AppendResult, AppendRun, AppendSettings } from './append-log.js';

const CALLERS = 256;

interface Appending {
  worker: Worker;
  /** Of the run before: the baseline writes as much at a time. */
  last: AppendResult | undefined;
}

const appending: Prop<Appending> = {
  name: 'our log writer',
  open: async (stage) => {
    const { databases } = await stage.use(servers);
    const settings: AppendSettings = {
      databaseUrl: await databases.postgres.createDatabase('bench_log'),
      edgeFile: join(stage.dir, 'bench-edge'),
    };
    return { worker: await startWorker('ours/append-log', settings), last: undefined };
  },
  close: ({ worker }) => worker.stop(),
};

export const appends: Trial = {
  name: `ours, ${CALLERS} callers append`,
  run: async (stage, seconds) => {
    const opened = await stage.use(appending);
    const run: AppendRun = { callers: CALLERS, seconds };
    const before = cpuSeconds(opened.worker.pid);
    const result = await opened.worker.call<AppendResult>('run', run);
    opened.last = result;
    const cpu = cpuSeconds(opened.worker.pid) - before;
    return {
      perSecond: result.perSecond,
      group: result.group,
      cpuPerEntry: (cpu / (result.perSecond * seconds)) * 1e6,
    };
  },
};

/** What the last run appended, in which groups. */
export async function lastAppends(stage: Stage): Promise<AppendResult> {
  const { last } = await stage.use(appending);
  if (!last) throw new Error('the baseline follows ours');
  return last;
}
