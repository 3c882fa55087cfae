import { type Trial } from '../../figure.js';
import { lastAppends } from '../../ours/append-trial.js';
import { servers } from '../../stage/servers.js';
import { startWorker, type Worker } from '../../stage/start-worker.js';
import { type Prop } from '../../stage/stage.js';
import type { InsertRun } from './inserts.js';

const inserting: Prop<Worker> = {
  name: 'plain inserts',
  open: async (stage) => {
    const { databases } = await stage.use(servers);
    return startWorker('baselines/inserts/inserts', {
      databaseUrl: await databases.postgres.createDatabase('bench_inserts'),
    });
  },
  close: (worker) => worker.stop(),
};

const insertTrial = (name: string, call: 'multi' | 'single'): Trial => ({
  name,
  run: async (stage, seconds) => {
    const { group, publicBytes, privateBytes } = await lastAppends(stage);
    const run: InsertRun = { seconds, group, publicBytes, privateBytes };
    return (await stage.use(inserting)).call<{ perSecond: number }>(call, run);
  },
});

export const multiRowInserts = insertTrial('multi-row inserts, as many rows as ours in a commit', 'multi');
export const singleRowInserts = insertTrial(
  'single-row inserts, each its own commit, one connection',
  'single',
);
