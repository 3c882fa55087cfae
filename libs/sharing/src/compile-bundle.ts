import { type Agency, type Contract, type QueryId } from '#contracts';
import { Problem } from '#problem';
import { type Fault, schemeFaults } from './check-grants.js';
import { type Bundle, type Scheme } from './model.js';
import { bundleFlaws, schemeFlaws, type Flaw } from './validate-scheme.js';

export interface BundleSource {
  provider: Agency;
  /** Greater than that of any bundle of this provider before. */
  number: number;
  /** UTC, milliseconds, `Z`. */
  issuedAt: string;
  /** Scheme files as parsed; those of the provider's class (templates) and its own. */
  schemes: readonly unknown[];
  contracts: ReadonlyMap<QueryId, Contract>;
}

/**
 * All schemes of one provider as one document to sign. A template for the provider's class becomes the provider's own.
 * The order of the source does not matter.
 * @throws Problem `bundle-invalid` with every fault of every scheme in `extensions.faults`.
 */
export function compileBundle(source: BundleSource): Bundle {
  const faults = sourceFaults(source);
  if (faults.length > 0) throw new Problem('bundle-invalid', { extensions: { faults } });
  const { provider, number, issuedAt } = source;
  const schemes = structuredClone(source.schemes as Scheme[])
    .map((scheme) => ({ ...scheme, provider: provider.id }))
    .sort((one, other) => (one.scheme < other.scheme ? -1 : 1));
  return checkedBundle({ v: 1, provider: provider.id, number, issuedAt, schemes });
}

/** Everything wrong with the schemes of one provider. Grants are looked at only once every scheme is right in shape. */
export function sourceFaults({
  provider,
  schemes,
  contracts,
}: Omit<BundleSource, 'number' | 'issuedAt'>): Fault[] {
  const shape = schemes.flatMap((document, index) =>
    schemeFlaws(document).map((flaw) => ({ scheme: nameOf(document, index), ...flaw })),
  );
  if (shape.length > 0) return shape;
  const shaped = schemes as Scheme[];
  return [
    ...shaped.flatMap((scheme) => ownerFaults(scheme, provider, contracts)),
    ...schemeFaults(shaped, contracts),
  ];
}

function ownerFaults(scheme: Scheme, provider: Agency, contracts: ReadonlyMap<QueryId, Contract>): Fault[] {
  const faults: Fault[] = [];
  if (scheme.provider !== provider.id && scheme.provider !== provider.class) {
    faults.push({ scheme: scheme.scheme, path: '/provider', fault: '不是本提供方的方案' });
  }
  for (const [index, { query }] of scheme.grants.entries()) {
    const contract = contracts.get(query);
    if (contract !== undefined && contract.owner !== provider.class) {
      faults.push({
        scheme: scheme.scheme,
        path: `/grants/${index}/query`,
        fault: '此查询接口不属于本类部门',
      });
    }
  }
  return faults;
}

function nameOf(document: unknown, index: number): string {
  const name =
    typeof document === 'object' && document !== null && 'scheme' in document ? document.scheme : undefined;
  return typeof name === 'string' ? name : `#${index}`;
}

/**
 * @returns the document, known to be a bundle in shape.
 * @throws Problem `bundle-invalid` with the faults in `extensions.faults`.
 */
export function checkedBundle(document: unknown): Bundle {
  const faults = bundleFlaws(document);
  if (faults.length === 0) return document as Bundle;
  throw new Problem('bundle-invalid', { detail: detailOf(document, faults[0]!), extensions: { faults } });
}

/** Whose bundle it is, as far as it says so, and the first fault: the rest stands in the list. */
function detailOf(document: unknown, { path, fault }: Flaw): string {
  const { provider, number } = (document ?? {}) as { provider?: unknown; number?: unknown };
  const named = typeof provider === 'string' && /^[\w.-]{1,64}$/.test(provider) ? ` of ${provider}` : '';
  return `bundle${typeof number === 'number' ? ` ${number}` : ''}${named}: ${path} ${fault}`;
}
