import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Contract, type GrantSource, type Subject } from '#contracts';
import { samplePersons } from '#synthetic';
import { call, question, type Answer } from '../support/http.js';
import { ALL_MARKS, MARKED_FIELDS, markSources, NEVER } from '../support/marks.js';
import { Observed } from '../support/observed.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince({ busHistory: true });
const OPERATOR = 'officer-canary-4711';
const ASKED = [0, 1, 6, 7, 9].map((index) => samplePersons[index]!);
const UNIT = samplePersons[0]!.registeredUnit;

beforeAll(async () => {
  await markSources(province());
  await liftQuotas(province(), 'hrss-990000', 'housing-990000', 'fund-990100', 'fund-990200');
}, 30_000);

/** Requester and query, with the grants that any provider gave for it. */
interface Pair {
  requester: string;
  contract: Contract;
  grants: GrantSource[];
}

function pairs(): Pair[] {
  const { contracts, gateways } = province();
  return [...gateways.keys()].flatMap((requester) =>
    [...contracts.contracts.values()].map((contract) => ({
      requester,
      contract,
      grants: grantsOf(requester, contract),
    })),
  );
}

function grantsOf(requester: string, { id }: Contract): GrantSource[] {
  const { class: kind } = province().contracts.agencies.get(requester)!;
  return province()
    .contracts.schemes.filter((scheme) => scheme.requester === requester || scheme.requester === kind)
    .flatMap(({ grants }) => grants.filter(({ query }) => query === id));
}

/** The purposes that a grant allows, and one that none does, each as a request has to name it. */
const PURPOSES = [
  { code: 'licence-screening', campaign: 'TC-2026-01' },
  ...['case-verification', 'registration-handling', 'fund-service'].map((code) => ({
    code,
    case: '990100-2026-000001',
  })),
];

function asking({ requester, contract }: Pair, change: Record<string, unknown> = {}): Promise<Answer> {
  const params = PARAMS[contract.code];
  return call(province(), {
    agency: requester,
    path: `/v1/queries/${contract.code}`,
    body: question({
      operatorId: OPERATOR,
      subjects: subjectsOf(contract),
      params: params as never,
      ...change,
    }),
  });
}

const MONTHS = { months: { from: '2026-04', to: '2026-09' } };
const PARAMS: Readonly<Record<string, unknown>> = {
  ...{ 'HR-SI-01': MONTHS, 'PF-01': MONTHS, 'HC-RP-02': { page: 1 } },
  ...{ 'HR-SI-02': { month: '2026-09' }, 'PF-02': { month: '2026-09' } },
};

function subjectsOf({ subject, claims }: Contract): Subject[] {
  const known: Record<string, string> = { uscc: UNIT.uscc, unitName: UNIT.name };
  const claimed = Object.fromEntries(Object.keys(claims).map((name) => [name, known[name]!]));
  const withClaims = Object.keys(claimed).length > 0 && { claims: claimed };
  if (subject === 'unit') return [{ uscc: UNIT.uscc, ...withClaims }];
  return ASKED.map(({ idKind, idNumber }) => ({ idType: idKind, idNumber, ...withClaims }));
}

interface Exchange {
  provider: string;
  fields: Record<string, string>;
  results: { records: Record<string, unknown>[] }[];
}

/** Nothing of a field that this exchange was not granted in plain: not its name in a record, not its value anywhere. */
function leaks({ contract, grants }: Pair, { body }: Answer): string[] {
  const text = JSON.stringify(body);
  const exchanges = (body['exchanges'] ?? []) as Exchange[];
  const records = exchanges.flatMap(({ results }) => results.flatMap(({ records }) => records));
  const keys = new Set(records.flatMap((record) => Object.keys(record)));
  const modeOf = (name: string): string | undefined => grants.map(({ fields }) => fields[name]?.release)[0];
  const marks = Object.entries(MARKED_FIELDS[contract.code]!);
  const plain = new Set(marks.filter(([name]) => modeOf(name) === 'plain').map(([, mark]) => mark));
  return [
    ...[...keys].filter((name) => modeOf(name) === undefined).map((name) => `field ${name}`),
    ...ALL_MARKS.filter((mark) => !plain.has(mark) && text.includes(mark)),
    ...ASKED.map(({ idNumber }) => idNumber).filter((id) => text.includes(id)),
    ...[OPERATOR].filter((operator) => text.includes(operator)),
  ];
}

describe('of what is not granted', () => {
  test('nothing is in an answer, whoever asks what for which purpose and region', async () => {
    let released = 0;
    for (const pair of pairs()) {
      const tries = pair.grants.length > 0 ? 4 : 1; // without any grant one purpose is as good as another
      for (const purpose of PURPOSES.slice(0, tries)) {
        for (const region of ['990000', '990100', '990200'].slice(0, tries)) {
          const answer = await asking(pair, { purpose, region });
          expect([pair.requester, pair.contract.code, purpose.code, region, leaks(pair, answer)]).toEqual([
            ...[pair.requester, pair.contract.code, purpose.code, region],
            [],
          ]);
          if (JSON.stringify(answer.body).includes('标记') || answer.status === 200) released++;
        }
      }
    }
    expect(released).toBeGreaterThan(20);
  }, 60_000);

  test('nothing is in an answer to a choice of fields, and a choice beyond the grant has no answer', async () => {
    const granted = pairs().filter(({ grants }) => grants.length > 0);
    const choice = fc.constantFrom(...granted).chain((pair) =>
      fc.record({
        pair: fc.constant(pair),
        fields: fc.subarray(
          pair.contract.fields.map(({ name }) => name),
          { minLength: 1 },
        ),
        grantNumber: fc.nat(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(choice, async ({ pair, fields, grantNumber }) => {
        const grant = pair.grants[grantNumber % pair.grants.length]!;
        const purpose = PURPOSES.find(({ code }) => code === grant.purposes[0]!.code)!;
        const answer = await asking(pair, { purpose, region: grant.regions[0]!, fields });
        const beyond = fields.some((name) => grant.fields[name] === undefined);
        if (beyond) expect([answer.status, answer.body['results']]).toEqual([403, undefined]);
        expect(leaks(pair, answer)).toEqual([]);
        const exchanges = (answer.body['exchanges'] ?? []) as Exchange[];
        const keys = exchanges.flatMap(({ results }) =>
          results.flatMap(({ records }) => records.flatMap((record) => Object.keys(record))),
        );
        expect(keys.filter((name) => !fields.includes(name))).toEqual([]);
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  test('each single field is refused by its name, and its value is nowhere in the refusal', async () => {
    for (const pair of pairs().filter(({ grants }) => grants.length > 0)) {
      const [grant] = pair.grants as [GrantSource];
      const purpose = PURPOSES.find(({ code }) => code === grant.purposes[0]!.code)!;
      for (const { name } of pair.contract.fields.filter((field) => grant.fields[field.name] === undefined)) {
        const answer = await asking(pair, { purpose, region: grant.regions[0]!, fields: [name] });
        expect([name, answer.status, leaks(pair, answer)]).toEqual([name, 403, []]);
      }
    }
  });
});

describe('what is left behind by all that', () => {
  test('holds no value of any agency, no person asked about and no operator', async () => {
    await asking(pairs()[0]!, { subjects: [{ idType: 'citizen-id', idNumber: '990101198503120011' }] });
    await asking(pairs()[0]!, { requestId: randomUUID(), region: '999999', operatorId: 'a b' });
    await call(province(), { agency: 'housing-990100', path: '/v1/exchanges/990101198503120010' });
    const observed = await Observed.of(province());
    expect(observed.size).toBeGreaterThan(1_000);
    const persons = [...ASKED.map(({ idNumber }) => idNumber), '990101198503120011'];
    expect(observed.placesOf([...ALL_MARKS, ...persons, OPERATOR])).toEqual([]);
  }, 30_000);

  test('is really looked through: what must be there is found', async () => {
    const observed = await Observed.of(province());
    const counted = ['gateway', 'adapter', 'audit', 'monitor'].map((role) => `role="${role}"`);
    const places = observed.placesOf(['licence-screening', 'housing-990100', ...counted]);
    const kinds = [
      ...['log_entry', 'topic', 'peer_entry', 'file', 'data-990000 public.mirror_line', 'public.volume'],
      ...counted.map((label) => `metrics of ${label.slice(6, -1)}: ${label}`),
    ];
    expect(kinds.filter((kind) => !places.some((place) => place.includes(kind)))).toEqual([]);
  });

  test('is not so because the sources hold nothing: who may see a value gets it', async () => {
    const pair = pairs().find(
      ({ requester, contract }) => requester === 'hrss-990000' && contract.code === 'HC-RP-01',
    )!;
    const answer = await asking(pair, { region: '990000' });
    const text = JSON.stringify(answer.body);
    expect(
      ['标记丙名', 'MARKCERT', 'MARKSEAL', '标记注册单位'].filter((mark) => !text.includes(mark)),
    ).toEqual([]);
    expect(NEVER.filter((mark) => text.includes(mark))).toEqual([]);
  });
});
