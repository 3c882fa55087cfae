import { describe, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { call, question } from '../support/http.js';
import { republish } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const months = { params: { months: { from: '2026-04', to: '2026-09' } } };

describe('what the scheme does not grant', () => {
  test.each([
    ['an expired grant', 'housing-990100', 'HR-EX-01', { params: undefined }, 403, 4033],
    ['another region', 'housing-990100', 'PF-01', { region: '990200', ...months }, 403, 4032],
    ['a region above', 'housing-990100', 'HR-SI-01', { region: '990000' }, 403, 4032],
    ['a field that is not granted', 'housing-990100', 'PF-01', { fields: ['contributionBase'] }, 403, 4031],
    [
      'another purpose',
      'housing-990100',
      'HR-SI-01',
      { purpose: { code: 'registration-handling', case: '990100-2026-000001' } },
      403,
      4035,
    ],
    ['a query without any grant', 'fund-990200', 'HR-SI-01', {}, 403, 4030],
  ])('%s is refused with its own code', async (_what, agency, query, change, status, code) => {
    const answer = await call(province(), { agency, path: `/v1/queries/${query}`, body: question(change) });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test('more months than granted are refused', async () => {
    await republish(province(), 'fund-990100', (schemes) => {
      for (const { grants } of schemes) for (const { rows } of grants) if (rows.months) rows.months = 3;
    });
    const ask = (from: string) =>
      call(province(), {
        agency: 'housing-990100',
        path: '/v1/queries/PF-01',
        body: question({ params: { months: { from, to: '2026-09' } } }),
      });
    const [four, three] = [await ask('2026-06'), await ask('2026-07')];
    expect([four.status, four.body['code'], three.status]).toEqual([403, 4036, 200]);
  });

  test('a grant that is not yet in force is refused, and answered once it is', async () => {
    const from = async (day: string) => {
      await republish(province(), 'hrss-990000', (schemes) => {
        for (const { grants } of schemes)
          for (const grant of grants) grant.validity = { from: day, to: '2099-12-31' };
      });
      return call(province(), { agency: 'housing-990100', path: '/v1/queries/HR-SI-01', body: question() });
    };
    const [early, now] = [await from('2099-01-01'), await from('2026-01-01')];
    expect([early.status, early.body['code'], now.status]).toEqual([403, 4033, 200]);
  });

  test('is refused for every pair of requester and query without a grant', async () => {
    const { contracts } = province();
    const pairs = [...contracts.agencies.values()]
      .filter(({ id }) => province().gateways.has(id))
      .flatMap(({ id }) => [...contracts.contracts.values()].map((contract) => ({ id, contract })))
      .filter(({ id, contract }) => !hasGrant(province(), id, contract.id));
    expect(pairs.length).toBeGreaterThan(20);
    for (const { id, contract } of pairs) {
      const subjects = contract.subject === 'unit' ? [{ uscc: '91990101MA00DEM14A' }] : question().subjects;
      const [example] = contracts.examples.get(contract.id)!;
      const body = question({ subjects, params: example!.request.params, region: '990100' });
      const answer = await call(province(), { agency: id, path: `/v1/queries/${contract.code}`, body });
      expect([id, contract.code, answer.status]).toEqual([id, contract.code, 403]);
    }
  });
});

function hasGrant({ contracts }: Province, requester: string, query: string): boolean {
  const { class: kind } = contracts.agencies.get(requester)!;
  return contracts.schemes.some(
    (scheme) =>
      (scheme.requester === requester || scheme.requester === kind) &&
      scheme.grants.some((grant) => grant.query === query),
  );
}
