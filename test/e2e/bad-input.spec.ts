import { describe, expect, test } from '@jest/globals';
import { call, question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const ask = (body: unknown, path = '/v1/queries/HR-SI-01') =>
  call(province(), { agency: 'housing-990100', path, body });
const person = (idNumber: string, idType = 'citizen-id') =>
  question({ subjects: [{ idType, idNumber } as never] });

describe('bad input of a known agency', () => {
  test.each([
    ['a wrong check digit', person('990101198503120011'), 422, 4001, '/subjects/0/idNumber'],
    ['month 13 with a right check digit', person('990101198513120014'), 422, 4001, '/subjects/0/idNumber'],
    ['30 February with a right check digit', person('99010119850230001X'), 422, 4001, '/subjects/0/idNumber'],
    ['full-width digits', person('９９０１０１１９８５０３１２００１０'), 422, 4001, '/subjects/0/idNumber'],
    ['a leading blank', person(' 990101198503120010'), 422, 4001, '/subjects/0/idNumber'],
    ['an unknown member', question({ more: 1 }), 422, 4003, '/'],
    ['a wildcard field', question({ fields: ['*'] }), 422, 4003, '/fields/0'],
    ['a field in another case', question({ fields: ['PayerName'] }), 422, 4003, '/fields/0'],
    ['a field twice', question({ fields: ['payerName', 'payerName'] }), 422, 4003, '/fields'],
    ['no subject', question({ subjects: [] }), 422, 4003, '/subjects'],
    ['no purpose', question({ purpose: undefined }), 422, 4002, '/purpose'],
    ['an empty purpose', question({ purpose: { code: '' } }), 422, 4003, '/purpose'],
    [
      'a purpose of 10 kB',
      question({ purpose: { code: 'x'.repeat(10_000), case: 'c-1' } }),
      422,
      4003,
      '/purpose/code',
    ],
    [
      'an unknown purpose',
      question({ purpose: { code: 'curiosity', case: '990100-2026-000001' } }),
      422,
      4009,
      '/purpose/code',
    ],
    [
      'a purpose without its campaign',
      question({ purpose: { code: 'licence-screening', case: '990100-2026-000001' } }),
      422,
      4002,
      '/purpose/campaign',
    ],
    [
      'an unknown campaign',
      question({ purpose: { code: 'licence-screening', campaign: 'TC-1999-01' } }),
      422,
      4009,
      '/purpose/campaign',
    ],
    ['an unknown region', question({ region: '110000' }), 422, 4003, '/region'],
    [
      'months the wrong way round',
      question({ params: { months: { from: '2026-09', to: '2026-04' } } }),
      422,
      4003,
      '/params/months',
    ],
    ['a deadline of an hour', question({ deadlineMs: 3_600_000 }), 422, 4003, '/deadlineMs'],
    ['a request id that is none', question({ requestId: '1' }), 422, 4003, '/requestId'],
  ])('%s is refused by its code and field', async (_what, body, status, code, field) => {
    const answer = await ask(body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test.each([
    ['an unknown query', '/v1/queries/HR-XX-99', 404, 4004],
    ['an unknown version', '/v1/queries/HR-SI-01@9', 404, 4005],
    ['a code that is a path', '/v1/queries/..%2f..%2fetc', 404, 4004],
  ])('%s is refused', async (_what, path, status, code) => {
    const answer = await ask(question(), path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test.each([
    ['no JSON', '{"a":', 400, 4000],
    ['a duplicate key', '{"requestId":"a","requestId":"b"}', 400, 4006],
    ['ten thousand brackets', '['.repeat(10_000), 400, 4007],
    ['__proto__', '{"__proto__":{}}', 400, 4000],
  ])('%s is refused before anything reads it', async (_what, body, status, code) => {
    const answer = await ask(body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test.each([
    "';drop table log_entry;--",
    '$1',
    'a\u0000b',
    '990101198503120010\n',
    '\u202e0100213058911019',
  ])('the id %j is refused as data', async (idNumber) => {
    const answer = await ask(person(idNumber));
    expect([answer.status, [4001, 4003].includes(answer.body['code'] as number)]).toEqual([422, true]);
  });

  test('is recorded with its code and nothing of it', async () => {
    const before = province().gateways.get('housing-990100')!.node.log.health().size;
    await ask(person('990101198503120011'));
    const { rows } = await province()
      .gateways.get('housing-990100')!
      .node.database.pool.query<{ public: Buffer; private: Buffer }>(
        'select public, private from log_entry where index >= $1 order by index',
        [before],
      );
    expect(rows).toHaveLength(1);
    const line = JSON.parse(rows[0]!.public.toString()) as Record<string, unknown>;
    expect(line).toMatchObject({ kind: 'outcome', reason: 'bad-identifier', outcomes: { refused: 1 } });
    expect(rows[0]!.public.toString() + rows[0]!.private.toString()).not.toContain('9901011985');
  });

  test('is never echoed', async () => {
    const answer = await ask(person('990101198503120011'));
    expect(JSON.stringify(answer.body)).not.toContain('9901011985');
  });

  test('put right on the way is said to be', async () => {
    const answer = await ask(person('99010119650115017x'));
    expect([answer.status, answer.body['notices']]).toEqual([
      200,
      [{ field: '/subjects/0/idNumber', notice: 'lower-case-x' }],
    ]);
  });
});
