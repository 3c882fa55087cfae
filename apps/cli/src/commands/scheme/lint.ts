import { Command } from 'commander';
import { type Contracts } from '#contracts';
import { Problem } from '#problem';
import { lintSchemes, type Finding } from '#sharing';
import { agencyOf } from '../../files/bundle-files.js';
import { contractsIn } from '../../files/contracts.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment } from '../../options.js';

interface LintOptions {
  contracts?: string;
  provider?: string;
  at?: number;
  json?: boolean;
}

type ProviderFinding = Finding & { provider: string };

const LEVEL_WORDS = { error: '错误', warning: '警告', info: '提示' } as const;

/** Says everything there is to say about schemes before they are signed; an error among it gives exit code 1. */
export function schemeLint(cli: Cli): Command {
  return new Command('lint')
    .description(
      'check sharing schemes: overlaps, sensitive fields in plain, expiry, how many persons a mask leaves',
    )
    .option('--contracts <dir>', 'contracts folder')
    .option('--provider <id>', 'only this provider’s schemes')
    .option('--at <moment>', 'moment from which expiry is counted; default: now', moment)
    .option('--json', 'print as JSON')
    .action((options: LintOptions) => {
      const findings = findingsOf(options, options.at ?? cli.now());
      if (options.json) printJson(cli, findings);
      else printLines(cli, findings.length > 0 ? findings.map(line) : ['没有发现问题']);
      if (findings.some(({ level }) => level === 'error')) cli.exitCode = 1;
    });
}

function findingsOf({ contracts: dir, provider }: LintOptions, at: number): ProviderFinding[] {
  const contracts = attemptToLoad(dir);
  if (Array.isArray(contracts)) return contracts;
  const providers = provider === undefined ? providersIn(contracts) : [agencyOf(contracts, provider)];
  return providers.flatMap((agency) =>
    lintSchemes({
      provider: agency,
      schemes: contracts.schemesOf(agency),
      contracts: contracts.contracts,
      at,
    }).map((finding) => ({ provider: agency.id, ...finding })),
  );
}

/** A folder that cannot be loaded as a whole is what a linter is there to tell, fault by fault. */
function attemptToLoad(dir: string | undefined): Contracts | ProviderFinding[] {
  try {
    return contractsIn(dir);
  } catch (error) {
    const faults = error instanceof Problem ? error.extensions['faults'] : undefined;
    if (!Array.isArray(faults)) throw error;
    return (faults as string[]).map((fault) => {
      const [path = '', ...words] = fault.split(' ');
      return { provider: '', level: 'error' as const, scheme: path, path: '', fault: words.join(' ') };
    });
  }
}

function providersIn({ agencies, schemesOf }: Contracts) {
  return [...agencies.values()].filter((agency) => schemesOf(agency).length > 0);
}

function line({ provider, level, scheme, path, fault }: ProviderFinding): string {
  return `${LEVEL_WORDS[level]} ${[provider, scheme, path].filter((part) => part !== '').join(' ')}：${fault}`;
}
