import { Command } from 'commander';
import { openKafkaBroker, provinceRoles, provinceTopics, type TopicState } from '#messaging';
import { contractsIn } from '../../files/contracts.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { integer } from '../../options.js';
import { accessOf, withBrokers, type BrokerOptions } from './broker-options.js';

interface CreateOptions extends BrokerOptions {
  replication: number;
  contracts?: string;
  check?: boolean;
  json?: boolean;
}

/** Province side: every topic of the province as its one specification says it; what is there already is only held against it. */
export function topicsCreate(cli: Cli): Command {
  const command = withBrokers(new Command('create'), { required: true })
    .description('province: make every topic of the province that is missing, and check those that are there')
    .option(
      '--replication <n>',
      'copies of each partition; from 3 on, two must be in sync',
      integer(1, 15),
      3,
    )
    .option('--contracts <dir>', 'contracts folder (default: that of this checkout)')
    .option('--check', 'make nothing, only check')
    .option('--json', 'print as JSON');
  return command.action(async (options: CreateOptions) => {
    const { made, topics } = await createTopics(command, options);
    const valid = topics.every(({ faults }) => faults.length === 0);
    if (options.json) printJson(cli, { valid, made, topics });
    else printLines(cli, lines(made, topics));
    if (!valid) cli.exitCode = 1;
  });
}

interface Created {
  made: string[];
  topics: TopicState[];
}

async function createTopics(command: Command, options: CreateOptions): Promise<Created> {
  const roles = provinceRoles(contractsIn(options.contracts).agencies.values());
  const access = accessOf(command, options);
  const specs = provinceTopics(roles);
  const { replication } = options;
  const clientId = `${roles.monitor}/topics`;
  const broker = await openKafkaBroker({ ...access, replication, agency: roles.monitor, clientId });
  try {
    const before = await broker.inspectTopics(specs);
    const missing = new Set(before.flatMap(({ topic, partitions }) => (partitions === 0 ? [topic] : [])));
    if (options.check || missing.size === 0) return { made: [], topics: before };
    await broker.createTopics(specs.filter(({ name }) => missing.has(name)));
    return { made: [...missing], topics: await broker.inspectTopics(specs) };
  } finally {
    await broker.close();
  }
}

function lines(made: readonly string[], topics: readonly TopicState[]): string[] {
  const wrong = topics.filter(({ faults }) => faults.length > 0);
  return [
    ...made.map((topic) => `made ${topic}`),
    ...wrong.flatMap(({ topic, faults }) => faults.map((fault) => `${topic}: ${fault}`)),
    `${topics.length} topics, ${made.length} made, ${wrong.length} not as they must be`,
  ];
}
