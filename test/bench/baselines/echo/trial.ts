import { type Trial } from '../../figure.js';
import { cpuSeconds } from '../../stage/proc-stat.js';
import { servers } from '../../stage/servers.js';
import { startWorker, type Worker } from '../../stage/start-worker.js';
import { type Prop } from '../../stage/stage.js';
import { makeTopics } from '../kafka.js';
import { PARTITIONS, REPLIES, REQUESTS, type EchoRun } from './protocol.js';

const BYTES = 500;

const echoPair: Prop<{ server: Worker; client: Worker }> = {
  name: 'bare Kafka echo',
  open: async (stage) => {
    const { brokers } = await stage.use(servers);
    await makeTopics(brokers, { [REQUESTS]: PARTITIONS, [REPLIES]: PARTITIONS });
    const server = await startWorker('baselines/echo/server', { brokers });
    const client = await startWorker('baselines/echo/client', { brokers });
    return { server, client };
  },
  close: async ({ server, client }) => {
    await client.stop();
    await server.stop();
  },
};

/** What Kafka and kafkajs can do at most: bare requests and replies of 500 B, batched, no duties at all. */
export const echo: Trial = {
  name: 'bare batched kafkajs echo',
  run: async (stage, seconds) => {
    const { server, client } = await stage.use(echoPair);
    const cpu = (): number => cpuSeconds(server.pid) + cpuSeconds(client.pid);
    const before = cpu();
    const run: EchoRun = { inFlight: stage.options.inFlight, seconds, bytes: BYTES };
    const { answered, perSecond } = await client.call<{ answered: number; perSecond: number }>('run', run);
    return { perSecond, cpuPerCall: ((cpu() - before) / answered) * 1e6 };
  },
};
