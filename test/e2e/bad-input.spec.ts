import { describe, expect, test } from '@jest/globals';
import { subjectCommitment } from '#evidence';
import { call, question, type Answer } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const ask = (body: unknown, path = '/v1/queries/HR-SI-01') =>
  call(province(), { agency: 'housing-990100', path, body });
const node = () => province().gateways.get('housing-990100')!.node;

interface Written {
  public: Record<string, unknown>;
  text: string;
}

/** What the gateway's log has from an index on, but for the ticks of a quiet log. */
async function writtenSince(index: number): Promise<Written[]> {
  const { rows } = await node().database.pool.query<{ public: Buffer; private: Buffer }>(
    `select public, private from log_entry where index >= $1 and kind <> 'tick' order by index`,
    [index],
  );
  return rows.map((row) => ({
    public: JSON.parse(row.public.toString()) as Record<string, unknown>,
    text: `${row.public.toString()}${row.private.toString()}`,
  }));
}

/** Asks what is refused: that left exactly one entry in the log, an outcome with the reason that was answered. */
async function refused(body: unknown, path?: string): Promise<Answer> {
  const before = node().log.health().size;
  const answer = await ask(body, path);
  const reason = String(answer.body['type']).replace('urn:exchange-gateway:problem:', '');
  expect((await writtenSince(before)).map((entry) => entry.public)).toEqual([
    expect.objectContaining({ kind: 'outcome', reason, outcomes: { refused: 1 } }),
  ]);
  return answer;
}
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
  ])('%s is refused by its code and field, and recorded', async (_what, body, status, code, field) => {
    const answer = await refused(body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test.each([
    ['an unknown query', '/v1/queries/HR-XX-99', 404, 4004],
    ['an unknown version', '/v1/queries/HR-SI-01@9', 404, 4005],
    ['a code that is a path', '/v1/queries/..%2f..%2fetc', 404, 4004],
  ])('%s is refused and recorded', async (_what, path, status, code) => {
    const answer = await refused(question(), path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test.each([
    ['no JSON', '{"a":', 400, 4000],
    ['a duplicate key', '{"requestId":"a","requestId":"b"}', 400, 4006],
    ['ten thousand brackets', '['.repeat(10_000), 400, 4007],
    ['__proto__', '{"__proto__":{}}', 400, 4000],
  ])('%s is refused before anything reads it, and recorded', async (_what, body, status, code) => {
    const answer = await refused(body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test.each([
    "';drop table log_entry;--",
    '$1',
    'a\u0000b',
    '990101198503120010\n',
    '\u202e0100213058911019',
  ])('the id %j is refused as data, and recorded', async (idNumber) => {
    const answer = await refused(person(idNumber));
    expect([answer.status, [4001, 4003].includes(answer.body['code'] as number)]).toEqual([422, true]);
  });

  test('is recorded with its code and nothing of it', async () => {
    const before = node().log.health().size;
    await ask(person('990101198503120011'));
    const [entry, ...more] = await writtenSince(before);
    expect([entry!.public['reason'], more]).toEqual(['bad-identifier', []]);
    expect(entry!.text).not.toContain('9901011985');
  });

  test('is never echoed', async () => {
    const answer = await ask(person('990101198503120011'));
    expect(JSON.stringify(answer.body)).not.toContain('9901011985');
  });

  test.each([
    ['a small x', '99010119650115017x', '99010119650115017X', 'lower-case-x'],
    ['15 digits', '990101850312001', '990101198503120010', 'converted-15'],
  ])(
    'put right on the way, as %s, is said to be and committed to in its normal form alone',
    async (_what, asked, normal, notice) => {
      const before = node().log.health().size;
      const answer = await ask(person(asked));
      expect([answer.status, answer.body['notices']]).toEqual([
        200,
        [{ field: '/subjects/0/idNumber', notice }],
      ]);
      const { rows } = await node().database.pool.query<{ commitment: Buffer }>(
        'select distinct commitment from subject_index where index >= $1',
        [before],
      );
      expect(rows).toEqual([{ commitment: subjectCommitment(node().epochKey, 'citizen-id', normal) }]);
      for (const { text } of await writtenSince(before))
        expect(text).not.toMatch(new RegExp(`${asked}|${normal}`));
    },
  );
});
