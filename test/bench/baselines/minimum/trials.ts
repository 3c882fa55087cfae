import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Trial } from '../../figure.js';
import { type Asking } from '../../load/job.js';
import { askOurs } from '../../ours/asking.js';
import { ours } from '../../ours/ours.js';
import { besideLoad } from '../../ours/trials.js';
import { generator, requireGood } from '../../stage/generators.js';
import { cpuSeconds } from '../../stage/proc-stat.js';
import { PROVIDER, servers } from '../../stage/servers.js';
import { startWorker, type Worker } from '../../stage/start-worker.js';
import { type Prop, type Stage } from '../../stage/stage.js';
import { publicKeyOf } from '../http-signature.js';
import { makeTopics } from '../kafka.js';
import { PARTITIONS, REPLIES, REQUESTS, type GatewaySettings, type ProviderSettings } from './protocol.js';

const minimum: Prop<{ gateway: Worker; provider: Worker }> = {
  name: 'hand-written minimum',
  open: async (stage) => {
    const { brokers, databases } = await stage.use(servers);
    const { sign } = await stage.use(ours);
    await makeTopics(brokers, { [REQUESTS]: PARTITIONS, [REPLIES]: PARTITIONS });
    const [asking, answering] = [pair(), pair()];
    const sealKey = randomBytes(32).toString('base64');
    const provider: ProviderSettings = {
      ...{ brokers, sealKey, privateKey: answering.privateKey, peerKey: asking.publicKey },
      databaseUrl: await databases.postgres.createDatabase('bench_minimum_provider'),
      sourceUrl: databases.sourceUrl(PROVIDER),
    };
    const gateway: GatewaySettings = {
      ...{ brokers, sealKey, privateKey: asking.privateKey, peerKey: answering.publicKey },
      databaseUrl: await databases.postgres.createDatabase('bench_minimum_gateway'),
      clientKey: publicKeyOf(sign),
    };
    return {
      provider: await startWorker('baselines/minimum/provider', provider),
      gateway: await startWorker('baselines/minimum/gateway', gateway),
    };
  },
  close: async ({ gateway, provider }) => {
    await gateway.stop();
    await provider.stop();
  },
};

function pair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** The same requests as ours gets, signed by the same key. */
async function askMinimum(stage: Stage): Promise<Asking> {
  const asking = await askOurs(stage);
  const { gateway } = await stage.use(minimum);
  return { ...asking, urls: [gateway.url] };
}

export const minimumSingle: Trial = {
  name: 'hand-written minimum',
  run: async (stage, seconds) => {
    const asking = await askMinimum(stage);
    const { closed } = await stage.use(generator);
    const { gateway, provider } = await stage.use(minimum);
    const standing = await stage.use(servers);
    const cpu = (): number => cpuSeconds(gateway.pid) + cpuSeconds(provider.pid);
    const before = { own: cpu(), servers: standing.cpu() };
    const result = await closed({ asking, inFlight: stage.options.inFlight, seconds });
    requireGood(minimumSingle.name, result);
    const microseconds = (used: number): number => (used / result.answered) * 1e6;
    return {
      perSecond: result.answered / result.seconds,
      cpuPerQuery: microseconds(cpu() - before.own),
      serversCpuPerQuery: microseconds(standing.cpu() - before.servers),
      ...besideLoad(result),
    };
  },
};

export const minimumOpen: Trial = {
  name: 'hand-written minimum, open loop',
  run: async (stage, seconds) => {
    const asking = await askMinimum(stage);
    const { open } = await stage.use(generator);
    const result = await open({ asking, rate: stage.options.rate, seconds });
    requireGood(minimumOpen.name, result);
    return { ...result.latency, ...besideLoad(result) };
  },
};
