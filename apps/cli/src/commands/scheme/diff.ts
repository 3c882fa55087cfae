import { Command } from 'commander';
import { type Contracts } from '#contracts';
import { bundleChanges, type Bundle, type BundleChange } from '#sharing';
import { Problem } from '#problem';
import {
  bundleOfContracts,
  isFolder,
  readBundles,
  UNVERIFIED,
  type Bundles,
} from '../../files/bundle-files.js';
import { contractsIn } from '../../files/contracts.js';
import { ownBundle } from '../../files/last-bundle.js';
import { openStore } from '../../files/store.js';
import { registryOf, withRegistry, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { namesOf } from './names.js';
import { ownGateway, withTransport, type GatewayOptions } from './own-gateway.js';

interface DiffOptions extends TrustOptions, GatewayOptions {
  contracts?: string;
  provider?: string;
  store?: string;
  json?: boolean;
}

type ProviderChange = BundleChange & { provider: string };

/** Stands for the bundle that the provider's own node has in force. */
const IN_FORCE = 'in-force';

/** Says in Chinese what a new bundle changes against an old one. */
export function schemeDiff(cli: Cli): Command {
  const command = withTransport(withRegistry(new Command('diff')))
    .description(
      `what changes from A to B, in words; each is a signed bundle, a contracts folder or "${IN_FORCE}"`,
    )
    .argument('<A>', `bundle file or contracts folder before, or ${IN_FORCE}`)
    .argument('<B>', `bundle file or contracts folder after, or ${IN_FORCE}`)
    .option('--gateway <url...>', `own gateways, for ${IN_FORCE}`)
    .option('--store <dir>', `key store of the provider, for ${IN_FORCE}`)
    .option('--provider <id>', 'only this provider')
    .option('--contracts <dir>', 'contracts folder with the titles')
    .option('--json', 'print as JSON');
  return command.action(async (a: string, b: string, options: DiffOptions) => {
    const contracts = contractsIn(options.contracts);
    const registry = registryOf(command, options);
    const reading = { contracts, registry, now: cli.now() };
    const read = (given: string, name: string): Promise<Bundles> | Bundles =>
      given === IN_FORCE ? bundleInForce(cli, options) : readBundles(given, name, reading);
    const [before, after] = [await read(a, 'A'), await read(b, 'B')];
    const providers = [...new Set([...before.keys(), ...after.keys()])].sort();
    const changes = providers
      .filter((provider) => options.provider === undefined || provider === options.provider)
      .flatMap((provider) =>
        changesOf(contracts, provider, before.get(provider), after.get(provider), cli.now()),
      );
    if (options.json) printJson(cli, changes);
    else printLines(cli, changes.length > 0 ? changes.map(line) : ['没有变化']);
    const onFile = [a, b].some((given) => given !== IN_FORCE && !isFolder(given));
    if (!registry && onFile) cli.err(UNVERIFIED);
  });
}

/** As the own node has it, by the own signature. @throws Problem `input-unreadable` naming the option that is missing */
async function bundleInForce(cli: Cli, { provider, store, ...options }: DiffOptions): Promise<Bundles> {
  const missing = Object.entries({ provider, store, gateway: options.gateway }).find(([, given]) => !given);
  if (missing)
    throw new Problem('input-unreadable', { field: `--${missing[0]}`, detail: `wanted for ${IN_FORCE}` });
  const own = openStore({ store: store!, agency: provider! });
  const { note } = await ownGateway(cli, options, own).bundleInForce();
  return new Map(note === null ? [] : [[provider!, ownBundle(own, note)]]);
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
