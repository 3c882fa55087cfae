import { type Trial } from '../../figure.js';
import type { LookupSettings } from '../../ours/lookup.js';
import { people } from '../../stage/people.js';
import { PROVIDER, REQUESTER, servers } from '../../stage/servers.js';
import { startWorker, type Worker } from '../../stage/start-worker.js';
import { type Prop, type Stage } from '../../stage/stage.js';
import type { BareLookupSettings } from './bare-lookup.js';
import { type LookupRun } from './run-lookups.js';

/** Two at a time keep a client and a server of PostgreSQL busy at once, in both. */
const RUN = { persons: 1_000, atOnce: 2 };

const ourLookup: Prop<Worker> = {
  name: 'our lookup',
  open: async (stage) => {
    const own: LookupSettings = { ...(await bareSettings(stage)), provider: PROVIDER, requester: REQUESTER };
    return startWorker('ours/lookup', own);
  },
  close: (worker) => worker.stop(),
};

const bareLookup: Prop<Worker> = {
  name: 'bare node-pg',
  open: async (stage) => startWorker('baselines/lookup/bare-lookup', await bareSettings(stage)),
  close: (worker) => worker.stop(),
};

async function bareSettings(stage: Stage): Promise<BareLookupSettings> {
  const { databases } = await stage.use(servers);
  const numbers = (await stage.use(people)).map(({ idNumber }) => idNumber);
  return { sourceUrl: databases.sourceUrl(PROVIDER), numbers };
}

const lookupTrial = (name: string, prop: Prop<Worker>): Trial => ({
  name,
  run: async (stage, seconds) => {
    const run: LookupRun = { ...RUN, seconds };
    return (await stage.use(prop)).call<{ perSecond: number }>('run', run);
  },
});

export const oursLookup = lookupTrial('ours, 1,000 persons a lookup', ourLookup);
export const nodePgLookup = lookupTrial('bare node-pg, any(1000)', bareLookup);
