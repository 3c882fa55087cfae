import { Command } from 'commander';
import { type Contracts } from '#contracts';
import { bundleChanges, type Bundle, type BundleChange } from '#sharing';
import { bundleOfContracts, readBundles } from '../../files/bundle-files.js';
import { contractsIn } from '../../files/contracts.js';
import { registryOf, withRegistry, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { namesOf } from './names.js';

interface DiffOptions extends TrustOptions {
  contracts?: string;
  provider?: string;
  json?: boolean;
}

type ProviderChange = BundleChange & { provider: string };

/** Says in Chinese what a new bundle changes against an old one. */
export function schemeDiff(cli: Cli): Command {
  const command = withRegistry(new Command('diff'))
    .description('what changes from A to B, in words; each is a signed bundle or a contracts folder')
    .argument('<A>', 'bundle file or contracts folder before')
    .argument('<B>', 'bundle file or contracts folder after')
    .option('--provider <id>', 'only this provider')
    .option('--contracts <dir>', 'contracts folder with the titles')
    .option('--json', 'print as JSON');
  return command.action((a: string, b: string, options: DiffOptions) => {
    const contracts = contractsIn(options.contracts);
    const registry = registryOf(command, options);
    const reading = { contracts, registry, now: cli.now() };
    const [before, after] = [readBundles(a, 'A', reading), readBundles(b, 'B', reading)];
    const providers = [...new Set([...before.keys(), ...after.keys()])].sort();
    const changes = providers
      .filter((provider) => options.provider === undefined || provider === options.provider)
      .flatMap((provider) =>
        changesOf(contracts, provider, before.get(provider), after.get(provider), cli.now()),
      );
    if (options.json) printJson(cli, changes);
    else printLines(cli, changes.length > 0 ? changes.map(line) : ['没有变化']);
    if (!registry && !options.json) cli.err('方案包的签名未核验（未给出 --registry）\n');
  });
}

function changesOf(
  contracts: Contracts,
  provider: string,
  before: Bundle | undefined,
  after: Bundle | undefined,
  now: number,
): ProviderChange[] {
  const target = after ?? bundleOfContracts(contracts, provider, { now, schemes: [] });
  return bundleChanges(before, target, namesOf(contracts)).map((change) => ({ provider, ...change }));
}

function line({ provider, text, query, purposes, widens }: ProviderChange): string {
  return `${widens ? '放宽' : '收紧或不变'} ${provider}：${text}〔${query}，目的：${purposes.join('、')}〕`;
}
