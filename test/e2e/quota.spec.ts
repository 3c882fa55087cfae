import { describe, expect, test } from '@jest/globals';
import { type QueryRequest } from '#contracts';
import { person } from '#testing';
import { call, question, type Answer } from '../support/http.js';
import { republish } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const housing = 'housing-990100';

const limit = (quota: { perDay: number; perSubjectPerDay: number; burst: number; nonePerDay?: number }) =>
  republish(province(), 'hrss-990000', (schemes) => {
    for (const { grants } of schemes) for (const grant of grants) grant.quota = quota;
  });

const asking = (idNumber: string, query: string, change: Partial<QueryRequest> = {}) =>
  call(province(), {
    agency: housing,
    path: `/v1/queries/${query}`,
    body: question({
      subjects: [{ idType: 'citizen-id', idNumber }],
      deadlineMs: 120_000, // 200 at once take their time on a busy machine
      ...(query === 'HR-LR-01' && { params: {} }),
      ...change,
    }),
  });

/** Every 429 among them has this code, and says when to come again in its body and in `Retry-After`. */
function expectToWait(answers: readonly Answer[], code: number): void {
  const refused = answers.filter(({ status }) => status === 429);
  const said = refused.map(({ headers, body }) => ({
    code: body['code'],
    wait: body['retryAfter'],
    header: Number(headers.get('retry-after')),
  }));
  expect(said).toEqual(said.map(({ header }) => ({ code, wait: header, header })));
  for (const { header } of said) expect(header).toBeGreaterThan(0);
}

/** A refusal as it would be of anybody else: without its ids, times and proofs. */
function told({ body }: Answer): string {
  const { call: _call, requestId: _request, retryAfter: _wait, exchanges, ...rest } = body;
  const each = (exchanges as Record<string, unknown>[]).map(
    ({ exchange: _exchange, receipt: _receipt, bodyNonce: _nonce, retryAfter: _again, ...one }) => one,
  );
  return JSON.stringify([rest, each]);
}

describe('a quota', () => {
  test('of 50 a day lets exactly 50 of 200 parallel calls through', async () => {
    await limit({ perDay: 50, perSubjectPerDay: 50, burst: 1_000 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => asking(person(i).idNumber, 'HR-SI-01')),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.filter((status) => status === 429)).toHaveLength(150);
    expectToWait(answers, 4291);
  }, 180_000);

  test('is told with every answer and by GET /v1/quotas', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 50, burst: 1_000 });
    const answer = await asking(person(1).idNumber, 'HR-LR-01');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit-policy')).toBe('"day";q=20000;w=86400');
    expect(answer.headers.get('ratelimit')).toMatch(/^"day";r=19999;t=\d+$/);
    const { body } = await call(province(), { agency: housing, path: '/v1/quotas' });
    const quotas = body['quotas'] as { provider: string; query: string; purpose: string; perDay: unknown }[];
    const own = quotas.find(
      ({ query, purpose }) => query === 'HR-LR-01@1' && purpose === 'licence-screening',
    );
    expect(own).toMatchObject({ provider: 'hrss-990000', perDay: { limit: 20_000, used: 1 } });
  });

  test('per person and day counts that person only', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 2, burst: 1_000 });
    const answers: Answer[] = [];
    for (const seed of [11, 11, 11, 12]) answers.push(await asking(person(seed).idNumber, 'HR-LR-01'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    expectToWait(answers, 4292);
  });

  test('that is burst is waited for, and refused with the time to wait by whom the deadline is nearer', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 50, burst: 1 });
    const seeds = Array.from({ length: 6 }, (_, i) => 30 + i);
    const answers = await Promise.all(
      seeds.map((seed) => asking(person(seed).idNumber, 'HR-LR-01', { deadlineMs: 2_500 })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([statuses.has(200), statuses.has(429)]).toEqual([true, true]);
    expectToWait(answers, 4290);
  });

  test('that one call alone bursts is refused at once: to wait does not help', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 50, burst: 1 });
    const subjects = [40, 41].map((seed) => ({
      idType: 'citizen-id' as const,
      idNumber: person(seed).idNumber,
    }));
    const { status, headers, body } = await asking('', 'HR-LR-01', { subjects });
    expect([status, body['code'], body['field'], headers.get('retry-after')]).toEqual([
      ...[429, 4290, '/subjects', null],
    ]);
  });
});

describe('whoever tries one number after the other', () => {
  const security = () => province().adapters.get('hrss-990000')!.node.security;
  const absent = (i: number) => asking(person(500 + i).idNumber, 'HR-SI-01');
  const known = () => asking('990101198503120010', 'HR-SI-01');

  test('is answered like everybody up to the limit, and then no more that day, whomever it asks about', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 50, burst: 1_000, nonePerDay: 5 });
    const before = [await known()];
    for (let i = 0; i < 5; i += 1) before.push(await absent(i));
    expect(before.map(({ status, body }) => [status, body['answer']])).toEqual([
      [200, 'found'],
      ...Array.from({ length: 5 }, () => [200, 'none']),
    ]);
    const after = [await absent(6), await known(), await absent(7)];
    expect(after.map(({ status }) => status)).toEqual([429, 429, 429]);
    expectToWait(after, 4293);
    expect(new Set(after.map(told)).size).toBe(1);
  });

  test('is told to whom the data belongs, and is held up with nothing else', async () => {
    expect(await security().counts()).toEqual({ 'none-quota': 3 });
    expect(await security().newest(1)).toMatchObject([{ code: 'none-quota', claimed: housing }]);
    expect((await asking(person(500).idNumber, 'HR-LR-01')).status).toBe(200);
  });
});

describe('a suspension', () => {
  test('binds the next question', async () => {
    await limit({ perDay: 20_000, perSubjectPerDay: 50, burst: 1_000 });
    expect((await asking(person(21).idNumber, 'HR-LR-01')).status).toBe(200);
    await republish(province(), 'hrss-990000', (schemes) => {
      for (const { grants } of schemes) {
        for (const grant of grants)
          Object.assign(grant, { suspended: { since: '2026-11-21T00:00:00+08:00', reason: '核查' } });
      }
    });
    const answer = await asking(person(21).idNumber, 'HR-LR-01');
    expect([answer.status, answer.body['code']]).toEqual([403, 4034]);
  });
});
