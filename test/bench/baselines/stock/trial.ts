import { type Trial } from '../../figure.js';
import { askOurs } from '../../ours/asking.js';
import { besideLoad } from '../../ours/trials.js';
import { generator, requireGood } from '../../stage/generators.js';
import { cpuSeconds } from '../../stage/proc-stat.js';
import { PROVIDER, servers } from '../../stage/servers.js';
import { startWorker, type Worker } from '../../stage/start-worker.js';
import { type Prop } from '../../stage/stage.js';
import { makeTopics } from '../kafka.js';
import { PARTITIONS, PATTERN, type StockProviderSettings, type StockSettings } from './settings.js';

const stock: Prop<{ gateway: Worker; provider: Worker }> = {
  name: 'stock Nest build',
  open: async (stage) => {
    const { brokers, databases } = await stage.use(servers);
    await makeTopics(brokers, { [PATTERN]: PARTITIONS, [`${PATTERN}.reply`]: PARTITIONS });
    const databaseOf = (name: string): Promise<string> => databases.postgres.createDatabase(name);
    const sourceUrl = databases.sourceUrl(PROVIDER);
    const provider: StockProviderSettings = {
      ...{ brokers, sourceUrl, databaseUrl: await databaseOf('bench_stock_provider') },
    };
    const gateway: StockSettings = { brokers, databaseUrl: await databaseOf('bench_stock_gateway') };
    return {
      provider: await startWorker('baselines/stock/provider', provider),
      gateway: await startWorker('baselines/stock/gateway', gateway),
    };
  },
  close: async ({ gateway, provider }) => {
    await gateway.stop();
    await provider.stop();
  },
};

/**
 * What a team would write from Nest's documentation: ValidationPipe, ClientKafka.send, TypeORM, three audit rows of one
 * statement each. Neither signed nor sealed, on Fastify rather than Express, and with `insert` for `save`: all in its favour.
 */
export const stockSingle: Trial = {
  name: 'stock Nest build',
  run: async (stage, seconds) => {
    const { sign: _sign, ...asking } = await askOurs(stage);
    const { gateway, provider } = await stage.use(stock);
    const { closed } = await stage.use(generator);
    const cpu = (): number => cpuSeconds(gateway.pid) + cpuSeconds(provider.pid);
    const before = cpu();
    const result = await closed({
      asking: { ...asking, urls: [gateway.url] },
      inFlight: stage.options.inFlight,
      seconds,
    });
    requireGood(stockSingle.name, result);
    return {
      perSecond: result.answered / result.seconds,
      cpuPerQuery: ((cpu() - before) / result.answered) * 1e6,
      ...besideLoad(result),
    };
  },
};
