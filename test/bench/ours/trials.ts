import { type Trial, type Values } from '../figure.js';
import { type LoadResult } from '../load/job.js';
import { generator, requireGood } from '../stage/generators.js';
import { servers } from '../stage/servers.js';
import { type Stage } from '../stage/stage.js';
import { askOurs } from './asking.js';
import { ours } from './ours.js';

/** Calls of 100 subjects: as many subjects as that are on their way with 16 calls cost the same memory as a thousand questions. */
const BATCH = { subjects: 100, inFlight: 16 };

/** Everything on: signature, digest, replay guard, schema, bundle, intent, HPKE, disclosure, outcome, quota, idempotency, tails. */
export const oursSingle: Trial = {
  name: 'ours, single questions',
  run: (stage, seconds) => runClosed(stage, seconds, 1),
};

/** The same load on two gateways of the agency. */
export const oursTwoGateways: Trial = {
  name: 'ours, two gateways',
  run: (stage, seconds) => runClosed(stage, seconds, 2),
};

export const oursBatch: Trial = {
  name: 'ours, 100 subjects a call',
  run: async (stage, seconds) => {
    const asking = await askOurs(stage, 1, BATCH.subjects);
    const { closed } = await stage.use(generator);
    const result = await closed({ asking, inFlight: BATCH.inFlight, seconds });
    requireGood(oursBatch.name, result);
    return { perSecond: (result.answered / result.seconds) * BATCH.subjects, ...besideLoad(result) };
  },
};

export const oursOpen: Trial = {
  name: 'ours, open loop',
  run: async (stage, seconds) => {
    const asking = await askOurs(stage);
    const { open } = await stage.use(generator);
    const result = await open({ asking, rate: stage.options.rate, seconds });
    requireGood(oursOpen.name, result);
    return { ...result.latency, ...besideLoad(result) };
  },
};

async function runClosed(stage: Stage, seconds: number, gateways: number): Promise<Values> {
  const asking = await askOurs(stage, gateways);
  const { closed } = await stage.use(generator);
  const [own, standing] = [await stage.use(ours), await stage.use(servers)];
  const before = { own: own.cpu(), servers: standing.cpu() };
  const result = await closed({ asking, inFlight: stage.options.inFlight, seconds });
  requireGood(gateways === 1 ? oursSingle.name : oursTwoGateways.name, result);
  const cpu = { own: own.cpu() - before.own, servers: standing.cpu() - before.servers };
  const microseconds = (used: number): number => (used / result.answered) * 1e6;
  return {
    perSecond: result.answered / result.seconds,
    cpuPerQuery: microseconds(cpu.own),
    serversCpuPerQuery: microseconds(cpu.servers),
    allCpuPerQuery: microseconds(cpu.own + cpu.servers),
    ...besideLoad(result),
  };
}

/** What the generator itself cost, and whether it had to sign while it asked. */
export function besideLoad({ answered, cpu, signedBefore }: LoadResult): Values {
  return { generatorCpuPerCall: (cpu / answered) * 1e6, signedBefore };
}
