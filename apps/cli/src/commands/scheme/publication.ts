import { type Command } from 'commander';
import { GatewayError, type ExchangeGatewayClient, type PublishedBundle } from '#client';
import { type Contracts } from '#contracts';
import { type KeyStore } from '#registry';
import {
  diffBundles,
  highestNext,
  leap,
  lintSchemes,
  MOST_NUMBER,
  schemeKeyName,
  signBundle,
  type Bundle,
} from '#sharing';
import { noteSigner } from '#tlog';
import { agencyOf } from '../../files/bundle-files.js';
import { contractsIn } from '../../files/contracts.js';
import { keepBundle } from '../../files/last-bundle.js';
import { currentKey, openStore } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { integer } from '../../options.js';
import { standing, type StandingOptions } from './in-force.js';
import { namesOf } from './names.js';
import { ownGateway, withTransport, type GatewayOptions } from './own-gateway.js';

/** Options of every command that makes a next bundle. */
export interface PublicationOptions extends GatewayOptions, StandingOptions {
  provider: string;
  number: number | 'auto';
  contracts?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function withPublication(command: Command): Command {
  return withTransport(command)
    .requiredOption('--provider <id>', 'own agency')
    .requiredOption('--store <dir>', 'key store with the agency’s scheme and http-signature keys')
    .requiredOption('--gateway <url...>', 'own gateways')
    .option(
      '--number <n>',
      'number of the bundle; auto: one more than the highest used',
      numberOrAuto,
      'auto',
    )
    .option('--current <file>', 'bundle in force; default: what the own gateway says')
    .option('--contracts <dir>', 'contracts folder')
    .option('--dry-run', 'say what would change; sign and send nothing')
    .option('--json', 'print as JSON');
}

/** What a next bundle is made from. */
export interface Publication {
  cli: Cli;
  options: PublicationOptions;
  contracts: Contracts;
  store: KeyStore;
  client: () => ExchangeGatewayClient;
  current: Bundle | undefined;
  /** Number of the next bundle. */
  number: number;
}

/** @throws Problem when contracts, store or current bundle cannot be used; GatewayError when the gateway does not say */
export async function prepare(cli: Cli, options: PublicationOptions): Promise<Publication> {
  const contracts = contractsIn(options.contracts);
  const { id } = agencyOf(contracts, options.provider);
  const store = openStore({ store: options.store, agency: id });
  const client = (): ExchangeGatewayClient => ownGateway(cli, options, store);
  const { current, highest } = await standing(client, store, options);
  const number = numberOf(options, highest);
  return { cli, options, contracts, store, client, current, number };
}

/** A number cannot be taken back: one that leaps is refused before anything is signed with it. */
function numberOf({ provider, number }: PublicationOptions, highest: number): number {
  const next = number === 'auto' ? highest + 1 : number;
  if (next > highestNext(highest)) throw leap({ provider, number: next }, highest, '--number');
  return next;
}

/**
 * Signs a bundle, puts it in force at the own gateway and prints what it changed, in Chinese.
 * @throws GatewayError `bundle-rollback` when a newer one has come into force meanwhile
 */
export async function publish(publication: Publication, bundle: Bundle): Promise<void> {
  const { cli, options, contracts, current } = publication;
  const changes = diffBundles(current, bundle, namesOf(contracts));
  const warnings = remarks(publication, bundle);
  if (options.dryRun) return print(cli, options, { bundle: bundle.number, changes, warnings });
  const published = await send(publication, sign(publication, bundle));
  print(cli, options, { ...published, changes, warnings });
}

function sign({ store, cli, options }: Publication, bundle: Bundle): string {
  const { privateKey } = currentKey(store, 'scheme', cli.now());
  return signBundle(bundle, noteSigner(schemeKeyName(options.provider), privateKey));
}

async function send({ options, client }: Publication, note: string): Promise<PublishedBundle> {
  const takeBack = keepBundle(options.store, note);
  try {
    return await client().publishBundle(note);
  } catch (error) {
    // Refused for certain; without an answer it may be in force, and its number stays used.
    if (error instanceof GatewayError && error.status < 500) takeBack();
    throw error;
  }
}

function remarks({ contracts, options, cli }: Publication, { schemes }: Bundle): string[] {
  const provider = agencyOf(contracts, options.provider);
  return lintSchemes({ provider, schemes, contracts: contracts.contracts, at: cli.now() })
    .filter(({ level }) => level === 'warning')
    .map(({ scheme, path, fault }) => `${scheme} ${path}：${fault}`);
}

interface Printed {
  bundle: number;
  changed?: boolean;
  changes: readonly string[];
  warnings: readonly string[];
}

function print(cli: Cli, { provider, dryRun, json }: PublicationOptions, printed: Printed): void {
  if (json) return printJson(cli, { provider, dryRun: dryRun === true, ...printed });
  const { bundle, changed, changes, warnings } = printed;
  const state = dryRun ? '（试算，未签名未发布）' : changed === false ? '已在执行' : '已生效';
  printLines(cli, [
    `方案包 ${provider} 第 ${bundle} 号${state}`,
    ...(changes.length > 0 ? changes : ['没有变化']).map((change) => `  ${change}`),
    ...warnings.map((warning) => `  警告 ${warning}`),
  ]);
}

function numberOrAuto(text: string): number | 'auto' {
  return text === 'auto' ? 'auto' : integer(1, MOST_NUMBER)(text);
}
