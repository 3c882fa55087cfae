import { expect, test } from '@jest/globals';
import { type Agency, loadContracts } from '#contracts';
import { buildTable, compileBundle, decide, type GrantTable, lintSchemes } from './index.js';

/** The schemes under /contracts, as they are. */
const loaded = loadContracts();
const agencies = [...loaded.agencies.values()];
const providers = agencies.filter((agency) => loaded.schemesOf(agency).length > 0);
const AT = Date.parse('2026-03-02T01:00:00.000Z');

function tableFor(provider: Agency): GrantTable {
  const schemes = loaded.schemesOf(provider);
  const source = { provider, schemes, contracts: loaded.contracts };
  return buildTable(
    compileBundle({ ...source, number: 1, issuedAt: '2026-01-01T00:00:00.000Z' }),
    loaded.contracts,
  );
}

test('every provider’s schemes become a bundle, without an error of the linter, each grant on the legal bases of its contract', () => {
  expect(providers.length).toBeGreaterThan(2);
  for (const provider of providers) {
    const source = { provider, schemes: loaded.schemesOf(provider), contracts: loaded.contracts };
    const said = lintSchemes({ ...source, at: AT });
    expect(said.filter(({ level, path }) => level === 'error' || path.includes('/legalBasis'))).toEqual([]);
    expect(tableFor(provider).provider).toBe(provider.id);
  }
});

test('for every requester, query and field, what no scheme grants is refused', () => {
  let granted = 0;
  for (const provider of providers) {
    const table = tableFor(provider);
    for (const requester of agencies) {
      for (const contract of loaded.contracts.values()) {
        const grants = loaded
          .schemesOf(provider)
          .filter((scheme) => scheme.requester === requester.id || scheme.requester === requester.class)
          .flatMap((scheme) => scheme.grants)
          .filter(({ query }) => query === contract.id);
        for (const { name } of contract.fields) {
          const purposes = [...loaded.purposes.keys()];
          const outcomes = purposes.map((code) =>
            decide(table, {
              requester: requester.id,
              requesterClass: requester.class,
              query: contract.id,
              purpose: { code, campaign: [...loaded.campaigns.keys()][0]!, case: 'C-1' },
              region: requester.region,
              fields: [name],
              claims: Object.keys(contract.claims),
              at: AT,
            }),
          );
          const hasGrant = (code: string) =>
            grants.some(
              (grant) => Object.hasOwn(grant.fields, name) && grant.purposes.some((one) => one.code === code),
            );
          outcomes.forEach((outcome, index) => {
            if (outcome.granted) granted += 1;
            if (!hasGrant(purposes[index]!)) expect(outcome.granted).toBe(false);
          });
        }
      }
    }
  }
  expect(granted).toBeGreaterThan(50);
});
