import { describe, expect, test } from '@jest/globals';
import { type SubjectResult } from '#contracts';
import { samplePersons } from '#synthetic';
import { person } from '#testing';
import { call, question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const ask = (subjects: unknown) =>
  call(province(), {
    agency: 'housing-990100',
    path: '/v1/queries/HR-SI-01',
    body: question({ subjects: subjects as never, deadlineMs: 30_000 }),
  });

describe('a call about many persons', () => {
  test('gives each of 1,000 its own outcome, in the order asked, in one exchange', async () => {
    const strangers = Array.from({ length: 995 }, (_, i) => person(10_000 + i).idNumber);
    const known = [0, 1, 2, 3, 4].map((index) => samplePersons[index]!.idNumber);
    const subjects = [...known, ...strangers].map((idNumber) => ({ idType: 'citizen-id', idNumber }));
    const { status, body } = await ask(subjects);
    const exchanges = body['exchanges'] as { results: SubjectResult[] }[];
    expect([status, exchanges.length]).toEqual([200, 1]);
    const { results } = exchanges[0]!;
    expect(results.map(({ subject }) => subject)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(results.slice(0, 5).map(({ answer }) => answer)).toEqual([
      'found',
      'found',
      'found',
      'none',
      'ambiguous',
    ]);
    expect(new Set(results.slice(5).map(({ answer }) => answer))).toEqual(new Set(['none']));
  });

  test('of 1,001 persons is refused', async () => {
    const subjects = Array.from({ length: 1_001 }, (_, i) => ({
      idType: 'citizen-id',
      idNumber: person(i).idNumber,
    }));
    const { status, body } = await ask(subjects);
    expect([status, body['code'], body['field']]).toEqual([422, 4003, '/subjects']);
  });

  test('names the one that is wrong', async () => {
    const subjects = [0, 1, 2].map((index) => ({
      idType: 'citizen-id',
      idNumber: samplePersons[index]!.idNumber,
    }));
    subjects[2]!.idNumber = '990101198503120011';
    const { status, body } = await ask(subjects);
    expect([status, body['code'], body['field']]).toEqual([422, 4001, '/subjects/2/idNumber']);
  });
});
