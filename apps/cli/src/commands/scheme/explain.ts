import { Command } from 'commander';
import { type Agency, type QueryId } from '#contracts';
import { Problem } from '#problem';
import { buildTable, explain, type Explanation } from '#sharing';
import {
  agencyOf,
  bundleOfContracts,
  contractOf,
  readBundles,
  UNVERIFIED,
} from '../../files/bundle-files.js';
import { contractsIn } from '../../files/contracts.js';
import { registryOf, withRegistry, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment, region } from '../../options.js';
import { namesOf } from './names.js';

interface ExplainOptions extends TrustOptions {
  requester: string;
  provider: string;
  query: string;
  field: string;
  purpose: string;
  campaign?: string;
  case?: string;
  region: string;
  at?: number;
  bundle?: string;
  contracts?: string;
  json?: boolean;
}

/** May this requester see this field, as what, on which legal basis, and if not, why? Not: exit code 1. */
export function schemeExplain(cli: Cli): Command {
  const command = withRegistry(new Command('explain'))
    .description('may a requester see a field, as what, on which basis, and if not, why')
    .requiredOption('--requester <id>', 'agency that would ask')
    .requiredOption('--provider <id>', 'agency that would answer')
    .requiredOption('--query <code>', 'as HR-SI-01 or HR-SI-01@1')
    .requiredOption('--field <name>', 'field of the reply')
    .requiredOption('--purpose <code>', 'purpose of the question')
    .option('--campaign <id>', 'campaign of the purpose')
    .option('--case <id>', 'case of the purpose')
    .requiredOption('--region <code>', 'asked region, GB/T 2260', region)
    .option('--at <moment>', 'moment of the question; default: now', moment)
    .option('--bundle <file>', 'signed bundle to explain by; default: the contracts folder')
    .option('--contracts <dir>', 'contracts folder')
    .option('--json', 'print as JSON');
  return command.action((options: ExplainOptions) => {
    const explanation = answer(cli, command, options);
    if (options.bundle !== undefined && options.registry === undefined) cli.err(UNVERIFIED);
    if (options.json) printJson(cli, explanation);
    else printLines(cli, lines(explanation));
    if (!explanation.allowed) cli.exitCode = 1;
  });
}

function answer(cli: Cli, command: Command, options: ExplainOptions): Explanation {
  const { campaign, case: caseId, provider, at = cli.now() } = options;
  const contracts = contractsIn(options.contracts);
  const requester = agencyOf(contracts, options.requester, '--requester');
  const contract = contractOf(contracts, options.query);
  if (!contract.fields.some(({ name }) => name === options.field)) {
    throw new Problem('input-unreadable', { field: '--field', detail: 'the contract has no such field' });
  }
  const reading = { contracts, registry: registryOf(command, options), now: cli.now() };
  const bundle = options.bundle
    ? readBundles(options.bundle, '--bundle', reading).get(provider)
    : bundleOfContracts(contracts, provider, { now: cli.now() });
  if (!bundle)
    throw new Problem('input-unreadable', { field: '--bundle', detail: 'a bundle of another provider' });
  return explain(
    buildTable(bundle, contracts.contracts),
    {
      ...question(requester, contract.id, options, at),
      purpose: { code: options.purpose, ...(campaign && { campaign }), ...(caseId && { case: caseId }) },
    },
    namesOf(contracts).agencies,
  );
}

function question(requester: Agency, query: QueryId, { field, region }: ExplainOptions, at: number) {
  return { requester: requester.id, requesterClass: requester.class, query, field, region, at };
}

function lines({ allowed, as, basis, why }: Explanation): string[] {
  return [
    allowed ? `可以：${as ?? ''}` : '不可以',
    why,
    ...(basis.length > 0 ? [`依据：${basis.join('；')}`] : []),
  ];
}
