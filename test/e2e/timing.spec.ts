import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Subject } from '#contracts';
import { topics } from '#messaging';
import { samplePersons } from '#synthetic';
import { person } from '#testing';
import { call, question } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince({ busHistory: true });
const [housing, hrss] = ['housing-990100', 'hrss-990000'];
const KNOWN = samplePersons[0]!;
const ABSENT = person(12_345);
beforeAll(() => liftQuotas(province(), hrss, 'housing-990000'));

interface Observed {
  /** Bytes of question and reply on the bus. */
  sizes: [number, number];
  ms: number;
  answer: unknown;
}

async function observe(query: string, subject: Subject, change: Record<string, unknown>): Promise<Observed> {
  const started = performance.now();
  const { body } = await call(province(), {
    agency: housing,
    path: `/v1/queries/${query}`,
    body: question({ subjects: [subject], ...change }),
  });
  const ms = performance.now() - started;
  const provider = (body['exchanges'] as [{ provider: string }])[0].provider;
  const sizeOf = (topic: string): number => province().bus.history(topic).at(-1)!.value.byteLength;
  return {
    sizes: [sizeOf(topics.request(provider)), sizeOf(topics.reply(housing))],
    ms,
    answer: body['answer'],
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Asks one and the other in turns, so that whatever else the machine does befalls both. */
async function compare(
  query: string,
  one: Subject,
  other: Subject,
  change: Record<string, unknown>,
  samples = 150,
): Promise<{ sizes: number[][]; ratio: number; answers: unknown[][] }> {
  const seen: [Observed[], Observed[]] = [[], []];
  for (let i = 0; i < samples; i++) {
    for (const [place, subject] of i % 2
      ? [[0, one] as const, [1, other] as const]
      : [[1, other] as const, [0, one] as const]) {
      seen[place].push(await observe(query, subject, change));
    }
  }
  const times = seen.map((list) => median(list.slice(20).map(({ ms }) => ms))) as [number, number];
  return {
    sizes: seen.map((list) => [...new Set(list.map(({ sizes }) => sizes.join(' ')))].map(String)) as never,
    ratio: Math.max(...times) / Math.min(...times),
    answers: seen.map((list) => [...new Set(list.map(({ answer }) => answer))]),
  };
}

const id = (idNumber: string, claims?: Record<string, string>): Subject => ({
  idType: 'citizen-id',
  idNumber,
  ...(claims && { claims }),
});

describe('who only sees the messages, or the clock', () => {
  test('cannot tell a person who is there from one who is not', async () => {
    const months = { params: { months: { from: '2026-04', to: '2026-09' } } };
    const { sizes, ratio, answers } = await compare(
      'HR-SI-01',
      id(KNOWN.idNumber),
      id(ABSENT.idNumber),
      months,
    );
    expect(answers).toEqual([['found'], ['none']]);
    expect(sizes[0]).toEqual(sizes[1]);
    expect(ratio).toBeLessThan(1.5);
  }, 240_000);

  test('cannot tell a match from a mismatch', async () => {
    const month = { params: { month: '2026-09' } };
    const same = id(KNOWN.idNumber, { uscc: KNOWN.registeredUnit.uscc });
    const other = id(KNOWN.idNumber, { uscc: samplePersons[1]!.registeredUnit.uscc });
    const { sizes, ratio, answers } = await compare('HR-SI-02', same, other, month);
    expect(answers).toEqual([['found'], ['found']]);
    expect(sizes[0]).toEqual(sizes[1]);
    expect(ratio).toBeLessThan(1.5);
  }, 240_000);

  test.each([1, 10, 100])('cannot tell %d persons who are there from as many who are not', async (count) => {
    const sizes: number[] = [];
    for (const subject of [KNOWN, ABSENT]) {
      const { body } = await call(province(), {
        agency: housing,
        path: '/v1/queries/HC-RP-01',
        body: question({
          params: undefined,
          subjects: Array.from({ length: count }, () => id(subject.idNumber)),
        }),
      });
      expect(body['answer']).toBe(subject === KNOWN ? 'found' : 'none');
      sizes.push(province().bus.history(topics.reply(housing)).at(-1)!.value.byteLength);
    }
    expect(sizes[0]).toBe(sizes[1]);
  });
});
