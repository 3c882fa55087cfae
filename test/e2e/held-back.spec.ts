import { describe, expect, test } from '@jest/globals';
import { type ExchangeAnswer } from '#exchange';
import { samplePersons } from '#synthetic';
import { call, question, type Answer } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const HERE = 0;
/** Insured in the other city, registered in this one. */
const ELSEWHERE = 7;
const about = (...persons: number[]) =>
  persons.map((index) => ({ idType: 'citizen-id' as const, idNumber: samplePersons[index]!.idNumber }));
const ask = (...persons: number[]): Promise<Answer> =>
  call(province(), {
    agency: 'housing-990100',
    path: '/v1/queries/HR-SI-01',
    body: question({ subjects: about(...persons) }),
  });
const exchangeOf = ({ body }: Answer): ExchangeAnswer => (body['exchanges'] as [ExchangeAnswer])[0];

describe('persons whose every row lies in a region beyond the grant', () => {
  test('are there for a requester of the whole province, so that the rest is a fair test', async () => {
    const answer = await call(province(), {
      agency: 'housing-990000',
      path: '/v1/queries/HR-SI-01',
      body: question({ region: '990000', subjects: about(ELSEWHERE) }),
    });
    const { results, heldBack } = exchangeOf(answer);
    expect([answer.status, results[0]!.answer, heldBack]).toEqual([200, 'found', 0]);
    expect(results[0]!.records.map(({ region }) => String(region).slice(0, 4))).toEqual(['9902']);
  });

  test('are refused for their region and counted, never told as nobody, when nobody else was asked about', async () => {
    const answer = await ask(ELSEWHERE);
    expect([answer.status, answer.body['code']]).toEqual([403, 4032]);
    const held = { subject: 0, answer: 'refused', reason: 'region-out-of-scope', records: [], heldBack: 1 };
    expect(exchangeOf(answer)).toMatchObject({ answer: 'refused', results: [held], heldBack: 1 });
    expect(JSON.stringify(answer.body)).not.toMatch(/9902\d\d|吴|测试建设/);
  });

  test('are told apart in words from a region that may not be asked about, with no more of them than their number', async () => {
    const held = await ask(ELSEWHERE);
    expect(held.body).toMatchObject({
      code: 4032,
      detail: '所问区划已获授权；查到的记录在授权区划之外，不予提供',
    });
    expect(held.body['field']).toBeUndefined();
    const beyond = await call(province(), {
      ...{ agency: 'housing-990100', path: '/v1/queries/HR-SI-01' },
      body: question({ region: '990200', subjects: about(ELSEWHERE) }),
    });
    expect(beyond.body).toMatchObject({ code: 4032, field: '/region' });
    expect(beyond.body['detail']).toBeUndefined();
    expect(exchangeOf(beyond)).toMatchObject({ answer: 'refused', results: [], heldBack: 0 });
  });

  test('leave their place among others, who are answered', async () => {
    const answer = await ask(ELSEWHERE, HERE, ELSEWHERE);
    expect([answer.status, answer.body['answer']]).toEqual([200, 'found']);
    const { results, heldBack } = exchangeOf(answer);
    expect(results.map((result) => [result.answer, result.records.length, result.heldBack ?? 0])).toEqual([
      ['refused', 0, 1],
      ['found', 1, 0],
      ['refused', 0, 1],
    ]);
    expect(heldBack).toBe(2);
  });

  test('are recorded by both sides as refused and held back', async () => {
    const answer = await ask(ELSEWHERE);
    const { exchange, receipt } = exchangeOf(answer);
    const told = await call(province(), { agency: 'housing-990100', path: `/v1/exchanges/${exchange}` });
    expect(told.body).toMatchObject({ state: 'closed', outcomes: { refused: 1 } });
    expect(JSON.parse(receipt!.entry)).toMatchObject({
      kind: 'disclosure',
      outcomes: { refused: 1 },
      rows: 0,
      heldBack: 1,
    });
  });
});
