import { beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningGateway } from '#apps/gateway';
import { subjectCommitment } from '#evidence';
import { shanghaiDay } from '#identifiers';
import { startBeside } from '../support/gateway-beside.js';
import { call, question, type Answer } from '../support/http.js';
import { useProvince } from '../support/use-province.js';
import { reasonIn, writtenSince } from '../support/written.js';

const province = useProvince();
const housing = 'housing-990100';
const ask = (body: unknown, path = '/v1/queries/HR-SI-01', base?: string) =>
  call(province(), { agency: housing, path, body, ...(base !== undefined && { base }) });
const node = () => province().gateways.get(housing)!.node;

const DAY_MS = 24 * 3_600_000;
/** Days in Shanghai from today. */
const day = (from: number): string => shanghaiDay(Date.now() + from * DAY_MS);

/** Campaigns that nobody grants anything for, the same when a day begins meanwhile, and a city in which nobody has funds. */
beforeAll(() => {
  const { campaigns, regions } = province().contracts;
  const known = campaigns.get('TC-2026-01')!;
  const more = {
    'TC-2026-91': { from: day(-30), to: day(-1) },
    'TC-2026-92': { from: day(2), to: day(30) },
    'TC-2026-93': { region: '990200' },
    'TC-2026-94': { from: day(0), to: day(1), region: '990100' },
  };
  for (const [id, change] of Object.entries(more)) campaigns.set(id, { ...known, id, ...change });
  regions.set('990300', { code: '990300', name: '空白市' });
});

/** Asks what is refused: that left exactly one entry in the log, an outcome with the reason that was answered. */
async function refused(body: unknown, path?: string, by?: RunningGateway): Promise<Answer> {
  const asked = by?.node ?? node();
  const before = asked.log.health().size;
  const answer = await ask(body, path, by?.url);
  expect((await writtenSince(asked, before)).map((entry) => entry.public)).toEqual([
    expect.objectContaining({ kind: 'outcome', reason: reasonIn(answer.body), outcomes: { refused: 1 } }),
  ]);
  return answer;
}
const screening = (campaign: string) => question({ purpose: { code: 'licence-screening', campaign } });
const person = (idNumber: string, idType = 'citizen-id') =>
  question({ subjects: [{ idType, idNumber } as never] });
const unit = () => question({ subjects: [{ uscc: '91990101MA00DEM14A' }], params: { page: 1 } });

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
    ['an unknown campaign', screening('TC-1999-01'), 422, 4009, '/purpose/campaign'],
    ['a campaign that ended yesterday', screening('TC-2026-91'), 422, 4009, '/purpose/campaign'],
    ['a campaign that begins tomorrow', screening('TC-2026-92'), 422, 4009, '/purpose/campaign'],
    ['a campaign of another city', screening('TC-2026-93'), 422, 4009, '/purpose/campaign'],
    [
      'a campaign of today and here that no grant is for',
      screening('TC-2026-94'),
      403,
      4035,
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

  test('a region in which nobody has the data is refused, and recorded though it is none of the asker’s faults', async () => {
    const answer = await refused(question({ region: '990300' }), '/v1/queries/PF-01');
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([502, 5022, '/region']);
  });

  test.each([
    ['person', 'HR-SI-01', question(), '/subjects/0/idNumber'],
    ['unit', 'HC-RP-02', unit(), '/subjects/0/uscc'],
  ])('a made-up %s is refused where people are real, and recorded', async (_what, query, body, field) => {
    await using real = await startBeside(province(), housing, { settings: { synthetic: 'refuse' } });
    const answer = await refused(body, `/v1/queries/${query}`, real);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([422, 4008, field]);
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
    const [entry, ...more] = await writtenSince(node(), before);
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
      for (const { text } of await writtenSince(node(), before))
        expect(text).not.toMatch(new RegExp(`${asked}|${normal}`));
    },
  );
});
