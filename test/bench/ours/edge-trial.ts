import { join } from 'node:path';
import { compileBundle, schemeKeyName, signBundle } from '#sharing';
import { noteSigner } from '#tlog';
import { prepareKeys } from '../../../apps/demo/src/province/keys.js';
import { PROVINCE } from '../../../apps/demo/src/province/province-agency.js';
import { type Trial } from '../figure.js';
import { type Asking, type SignWith } from '../load/job.js';
import { generator, requireGood } from '../stage/generators.js';
import { people } from '../stage/people.js';
import { cpuSeconds } from '../stage/proc-stat.js';
import { PROVIDER, REQUESTER, servers } from '../stage/servers.js';
import { startWorker, type Worker } from '../stage/start-worker.js';
import { type Prop, type Stage } from '../stage/stage.js';
import { PATH, QUESTION } from './question.js';
import { AUTHORIZED, type EdgeSettings } from './edge-settings.js';
import { signerOf } from './signer.js';

/** Few enough that both are busy and nobody waits for a connection. */
const IN_FLIGHT = 64;

export interface Edge {
  worker: Worker;
  sign: SignWith;
}

export const oursEdge: Prop<Edge> = {
  name: 'our gateway, cut off once authorized',
  open: async (stage) => {
    const { contracts, databases } = await stage.use(servers);
    const dir = join(stage.dir, 'edge');
    const agencies = [...contracts.agencies.values()];
    const keys = prepareKeys(dir, agencies, PROVINCE, Date.now());
    const provider = contracts.agencies.get(PROVIDER)!;
    const schemes = contracts.schemesOf(provider);
    const issuedAt = new Date().toISOString();
    const bundle = compileBundle({ provider, number: 1, issuedAt, schemes, contracts: contracts.contracts });
    const { privateKey } = keys.stores.get(PROVIDER)!.ensure('scheme', Date.now());
    const settings: EdgeSettings = {
      ...{ agency: REQUESTER, provider: PROVIDER, monitor: PROVINCE, dir: keys.dirOf(REQUESTER) },
      bundle: signBundle(bundle, noteSigner(schemeKeyName(PROVIDER), privateKey)),
      databaseUrl: await databases.postgres.createDatabase('bench_edge'),
      ...{ registryKey: keys.registryKey, registryNote: keys.registryNote },
    };
    return { worker: await startWorker('ours/edge', settings), sign: signerOf(keys) };
  },
  close: ({ worker }) => worker.stop(),
};

/** Microseconds of a server's CPU for each POST that it lets through. */
export function edgeTrial(name: string, edge: Prop<Edge>): Trial {
  return {
    name,
    run: async (stage, seconds) => {
      const { worker, sign } = await stage.use(edge);
      const asking = await askEdge(stage, worker.url, sign);
      const { closed } = await stage.use(generator);
      const before = cpuSeconds(worker.pid);
      const result = await closed({ asking, inFlight: IN_FLIGHT, seconds });
      requireGood(name, result);
      const cpu = cpuSeconds(worker.pid) - before;
      return { cpuPerPost: (cpu / result.answered) * 1e6, perSecond: result.answered / result.seconds };
    },
  };
}

async function askEdge(stage: Stage, url: string, sign: SignWith): Promise<Asking> {
  const subjects = await stage.use(people);
  return { urls: [url], path: PATH, body: QUESTION, subjects, subjectsPerCall: 1, sign, expect: AUTHORIZED };
}
