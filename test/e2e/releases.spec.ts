import { beforeAll, describe, expect, test } from '@jest/globals';
import { startHrssAdapter } from '#apps/adapter-hrss';
import { type GrantSource } from '#contracts';
import { type ExchangeAnswer } from '#exchange';
import { samplePersons } from '#synthetic';
import { call, question, type Answer } from '../support/http.js';
import { republish } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const [CITY, PROVINCE, HRSS] = ['housing-990100', 'housing-990000', 'hrss-990000'] as const;
const CASE = { code: 'case-verification', case: '990100-2026-000001' };
const REGION: Readonly<Record<string, string>> = { [CITY]: '990100' };

const about = (...persons: number[]) =>
  persons.map((index) => ({ idType: 'citizen-id' as const, idNumber: samplePersons[index]!.idNumber }));

const ask = (agency: string, query: string, change: Record<string, unknown> = {}): Promise<Answer> =>
  call(province(), {
    agency,
    path: `/v1/queries/${query}`,
    body: question({ region: REGION[agency] ?? '990000', params: {}, ...change }),
  });

const exchangeOf = ({ body }: Answer): ExchangeAnswer => (body['exchanges'] as [ExchangeAnswer])[0];

/** Changes every grant that a provider gives. */
const regrant = (provider: string, change: (grant: GrantSource) => void): Promise<void> =>
  republish(province(), provider, (schemes) => {
    for (const { grants } of schemes) grants.forEach(change);
  });

describe('a person whose data leaves with a unit’s', () => {
  const UNIT = samplePersons[0]!.registeredUnit.uscc;

  /** Exchanges in which somebody was told of this person. */
  async function tellingOf(person: number): Promise<unknown[]> {
    const [asked] = about(person);
    const base = province().auditOf(PROVINCE)!;
    const { body } = await call(province(), {
      ...{ agency: PROVINCE, base, path: '/v1/search/subject', body: asked },
    });
    const hits = body['hits'] as { entry: Record<string, unknown>; purpose: unknown }[];
    return hits.map(({ entry: { exchange, kind, to, query }, purpose }) => ({
      ...{ exchange, kind, to, query, purpose },
    }));
  }

  test('is told who asked, though nobody asked about them by their number', async () => {
    const staff = [0, 2].map((index) => samplePersons[index]!);
    expect(staff.map(({ registeredUnit }) => registeredUnit.uscc)).toEqual([UNIT, UNIT]);
    const answer = await ask(HRSS, 'HC-RP-02', { subjects: [{ uscc: UNIT }], params: { page: 1 } });
    expect([answer.status, answer.body['answer']]).toEqual([200, 'found']);
    const purpose = { code: 'licence-screening', campaign: 'TC-2026-01' };
    const { exchange } = exchangeOf(answer);
    const told = { exchange, kind: 'disclosure', to: HRSS, query: 'HC-RP-02@1', purpose };
    expect([await tellingOf(0), await tellingOf(2), await tellingOf(1)]).toEqual([[told], [told], []]);
  });
});

describe('a field that leaves as a pseudonym', () => {
  beforeAll(async () => {
    for (const provider of [HRSS, PROVINCE])
      await regrant(provider, ({ fields }) => {
        if (fields['idNumber']) fields['idNumber'] = { release: 'pseudonym' };
      });
  });

  async function tokenOf(
    agency: string,
    query: string,
    change: Record<string, unknown> = {},
  ): Promise<string> {
    const answer = await ask(agency, query, { subjects: about(0), ...change });
    expect([answer.status, answer.body['answer']]).toEqual([200, 'found']);
    expect(JSON.stringify(answer.body)).not.toContain(samplePersons[0]!.idNumber);
    const tokens = exchangeOf(answer).results[0]!.records.map(({ idNumber }) => String(idNumber));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[\w-]{43}$/);
    return tokens[0]!;
  }

  const tokens = async (): Promise<string[]> => [
    await tokenOf(CITY, 'HR-LR-01'),
    await tokenOf(CITY, 'HR-LR-01', { purpose: CASE }),
    await tokenOf(PROVINCE, 'HR-LR-01'),
    await tokenOf(PROVINCE, 'HR-LR-01', { purpose: CASE }),
    await tokenOf(CITY, 'HC-RP-01'),
  ];

  test('is another one for each requester, purpose and provider, and the same again, also after a restart', async () => {
    const first = await tokens();
    expect(new Set(first).size).toBe(5);
    expect(await tokens()).toEqual(first);
    const running = province().adapters.get(HRSS)!;
    await running.close();
    const { contracts, bus: broker, databases } = province();
    const { logger, settings } = running.node;
    const sourceUrl = databases.sourceUrl(HRSS);
    Object.assign(running, await startHrssAdapter({ contracts, broker, logger, settings, sourceUrl }));
    expect(await tokens()).toEqual(first);
  });
});

describe('of several persons', () => {
  const resultsOf = (answer: Answer): unknown[] =>
    exchangeOf(answer).results.map(({ answer: word, reason, records }) => [word, reason, records.length]);

  test('the one with more rows than the grant allows is refused whole: none of the rows is picked', async () => {
    await regrant(PROVINCE, ({ rows }) => (rows.max = 1));
    const alone = await ask(CITY, 'HC-RP-01', { subjects: about(9) });
    expect([alone.status, alone.body['code']]).toEqual([403, 4036]);
    expect(resultsOf(alone)).toEqual([['refused', 'limit-exceeded', 0]]);
    const both = await ask(CITY, 'HC-RP-01', { subjects: about(9, 0) });
    expect([both.status, resultsOf(both)]).toEqual([
      200,
      [
        ['refused', 'limit-exceeded', 0],
        ['found', undefined, 1],
      ],
    ]);
    await regrant(PROVINCE, ({ rows }) => (rows.max = 2));
    expect(resultsOf(await ask(CITY, 'HC-RP-01', { subjects: about(9) }))).toEqual([['found', undefined, 2]]);
  });

  test('the one without the value to compare with is refused for it, and the others are answered', async () => {
    const [with_, without] = about(0, 1);
    const { uscc } = samplePersons[0]!.registeredUnit;
    const answer = await ask(CITY, 'HR-SI-02', {
      ...{ subjects: [{ ...with_, claims: { uscc } }, without], params: { month: '2026-09' } },
    });
    expect([answer.status, resultsOf(answer)]).toEqual([
      200,
      [
        ['found', undefined, 1],
        ['refused', 'claim-missing', 0],
      ],
    ]);
  });
});
