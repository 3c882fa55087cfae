import { describe, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { call, question, type Answer } from '../support/http.js';
import { republish } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { reasonIn, writtenSince } from '../support/written.js';

const province = useProvince({ busHistory: true });
const months = { params: { months: { from: '2026-04', to: '2026-09' } } };

const [housing, hrss] = ['housing-990100', 'hrss-990000'];
const case1 = { case: '990100-2026-000001' };

/** Questions that any provider was sent. */
function sent(): string[] {
  const { bus } = province();
  return bus.topicNames
    .filter((name) => name.startsWith('exchange.request.') && !name.endsWith('.dead'))
    .flatMap((name) => bus.history(name).map(({ headers }) => `${name} ${headers['exchange']}`));
}

/** Asks what is refused early: one outcome with its reason is left in the asker's log, and its provider is sent nothing. */
async function refusedEarly(
  agency: string,
  query: string,
  provider: string,
  change: Record<string, unknown>,
): Promise<Answer> {
  const { node } = province().gateways.get(agency)!;
  const before = { size: node.log.health().size, sent: sent() };
  const answer = await call(province(), { agency, path: `/v1/queries/${query}`, body: question(change) });
  const written = await writtenSince(node, before.size);
  const said = {
    kind: 'outcome',
    from: agency,
    to: provider,
    query: `${query}@1`,
    reason: reasonIn(answer.body),
  };
  expect(written.map((entry) => entry.public)).toEqual([
    expect.objectContaining({ ...said, outcomes: { refused: 1 } }),
  ]);
  expect(sent()).toEqual(before.sent);
  return answer;
}

describe('what the scheme does not grant', () => {
  test.each([
    ['an expired grant', housing, 'HR-EX-01', hrss, { params: undefined }, 403, 4033],
    ['another region', housing, 'PF-01', 'fund-990200', { region: '990200', ...months }, 403, 4032],
    ['a region above', housing, 'HR-SI-01', hrss, { region: '990000' }, 403, 4032],
    [
      'a field that is not granted',
      ...[housing, 'PF-01', 'fund-990100', { fields: ['contributionBase'] }, 403, 4031],
    ],
    [
      'another purpose',
      ...[housing, 'HR-SI-01', hrss, { purpose: { code: 'registration-handling', ...case1 } }, 403, 4035],
    ],
    ['a query without any grant', 'fund-990200', 'HR-SI-01', hrss, {}, 403, 4030],
    [
      'what is only compared, with nothing to compare',
      ...[housing, 'HR-SI-02', hrss, { fields: ['payerUscc'], params: { month: '2026-09' } }, 422, 4015],
    ],
  ] as const)(
    '%s is refused with its own code, recorded, and never sent',
    async (_what, agency, query, provider, change, status, code) => {
      const answer = await refusedEarly(agency, query, provider, change);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    },
  );

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
    const before = sent();
    for (const { id, contract } of pairs) {
      const subjects = contract.subject === 'unit' ? [{ uscc: '91990101MA00DEM14A' }] : question().subjects;
      const [example] = contracts.examples.get(contract.id)!;
      const body = question({ subjects, params: example!.request.params, region: '990100' });
      const answer = await call(province(), { agency: id, path: `/v1/queries/${contract.code}`, body });
      expect([id, contract.code, answer.status]).toEqual([id, contract.code, 403]);
    }
    expect(sent()).toEqual(before);
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
