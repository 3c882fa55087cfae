import { type Contract } from '#contracts';
import { type Fault } from './check-grants.js';
import { type BundleSource, sourceFaults } from './compile-bundle.js';
import { lintRules } from './lint-rules.js';
import { type Scheme } from './model.js';

/** `error`: no bundle can be made of it. `warning`: somebody has to look. `info`: good to know. `fault` is Chinese. */
export interface Finding extends Fault {
  level: 'error' | 'warning' | 'info';
}

export interface LintSource extends Omit<BundleSource, 'number' | 'issuedAt'> {
  /** Milliseconds since the epoch: what "soon" is counted from. */
  at: number;
}

/** Everything there is to say about a provider's schemes before they are signed. With errors, only these are told. */
export function lintSchemes(source: LintSource): Finding[] {
  const faults = sourceFaults(source);
  if (faults.length > 0) return faults.map((fault) => ({ level: 'error', ...fault }));
  const schemes = source.schemes as readonly Scheme[];
  return [...schemes.flatMap((scheme) => remarks(scheme, source)), ...unusedFields(schemes, source)];
}

function remarks(scheme: Scheme, { provider, contracts, at }: LintSource): Finding[] {
  return scheme.grants.flatMap((grant, index) => {
    const contract = contracts.get(grant.query);
    if (contract === undefined) return [];
    return lintRules
      .flatMap((rule) => rule({ grant, contract, scheme, provider, at }))
      .map(({ level, path, fault }) => ({
        level,
        scheme: scheme.scheme,
        path: `/grants/${index}${path}`,
        fault,
      }));
  });
}

/** Fields of a granted query that this provider grants to nobody: either a gap, or too much in the contract. */
function unusedFields(schemes: readonly Scheme[], { provider, contracts }: LintSource): Finding[] {
  const grants = schemes.flatMap((scheme) => scheme.grants);
  return [...new Set(grants.map(({ query }) => query))].flatMap((query) => {
    const granted = new Set(
      grants.filter((grant) => grant.query === query).flatMap(({ fields }) => Object.keys(fields)),
    );
    return fieldsOf(contracts.get(query))
      .filter(({ name }) => !granted.has(name))
      .map(({ name, title }) => ({
        level: 'info' as const,
        scheme: provider.id,
        path: `/${query}/fields/${name}`,
        fault: `没有授权给任何一方：${name}（${title}）`,
      }));
  });
}

function fieldsOf(contract: Contract | undefined): Contract['fields'] {
  return contract?.fields ?? [];
}
