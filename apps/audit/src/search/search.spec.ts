import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, subjectCommitment } from '#evidence';
import { person, useDatabase } from '#testing';
import {
  NOW,
  Province,
  disclosure,
  epochKey,
  refusal,
  startTestAudit,
  type SpecAgency,
} from '../audit.fixture.js';
import { auditMigrations, type RunningAudit } from '../index.js';

const province = new Province();
const database = useDatabase([...evidenceMigrations, ...auditMigrations]);
const asked = person(1);
const often = person(2);
const OFTEN = 1_200;
const exchange = randomUUID();
let audit: RunningAudit;

beforeAll(async () => {
  const log = await province.openLog(database(), () => NOW);
  const subjectIndex = [subjectCommitment(epochKey, 'citizen-id', asked.idNumber)];
  await log.append(disclosure({ exchange, subjectIndex }));
  await log.append(disclosure());
  const oftenIndex = [subjectCommitment(epochKey, 'citizen-id', often.idNumber)];
  await Promise.all(
    Array.from({ length: OFTEN }, () => log.append(disclosure({ subjectIndex: oftenIndex }))),
  );
  await log.close();
  audit = await startTestAudit(province, { database: database(), keepAccess: 3 });
});
afterAll(() => audit.close());

const open = (path: string): Promise<Response> => fetch(`${audit.url}${path}`);
const as = (agency: SpecAgency, path: string, body?: string): Promise<Response> =>
  province.fetchAs(agency, `${audit.url}${path}`, NOW, body);

describe('a search for who asked about a person', () => {
  const search = (agency: SpecAgency, more: object = {}): Promise<Response> =>
    as(
      agency,
      '/v1/search/subject',
      JSON.stringify({ idType: asked.idType, idNumber: asked.idNumber, ...more }),
    );

  test.each([
    ['an unknown field', { name: 'x' }, { status: 422, code: 4003, field: '/' }],
    ['an unknown type', { idType: 'name' }, { status: 422, code: 4003, field: '/idType' }],
    [
      'a number with a wrong check digit',
      { idNumber: '990101196501010010' },
      { status: 422, code: 4001, field: '/idNumber' },
    ],
    ['no number', { idNumber: 1 }, { status: 422, code: 4003, field: '/idNumber' }],
    ['a time that is none', { from: '2026-13-01' }, { status: 422, code: 4003, field: '/from' }],
    ['a time without its zone', { to: '2026-03-02T09:00:00' }, { status: 422, code: 4003, field: '/to' }],
    ['a day that is none', { to: '2026-02-30' }, { status: 422, code: 4003, field: '/to' }],
    ['an empty time', { from: '2026-03-03', to: '2026-03-02' }, { status: 422, code: 4003, field: '/from' }],
    [
      'a moment for a time',
      { from: '2026-03-02T01:00:00Z', to: '2026-03-02T09:00:00+08:00' },
      { status: 422, code: 4003, field: '/from' },
    ],
  ])('is refused with %s', async (_, more, expected) => {
    expect(await refusal(search('hrss-1', more))).toEqual(expected);
  });

  test('is refused with parameters in the address, of which none is told', async () => {
    const body = JSON.stringify({ idType: asked.idType, idNumber: asked.idNumber });
    const answer = await as('hrss-1', `/v1/search/subject?${asked.idNumber}=1`, body);
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toEqual([
      422,
      expect.objectContaining({ code: 4003, field: '(unknown)', instance: '/v1/search/subject' }),
    ]);
    expect(text).not.toContain(asked.idNumber);
  });

  test('is not for the counterpart nor for the monitor', async () => {
    expect(await refusal(search('housing-1'))).toEqual({ status: 403, code: 4037 });
    expect(await refusal(search('data-1'))).toEqual({ status: 403, code: 4037 });
    expect(await refusal(open('/v1/search/subject'))).toEqual({ status: 404, code: 4040 });
  });

  test('tells when, by whom, for what purpose and on what basis, with proof', async () => {
    const { hits, more } = (await (await search('hrss-1')).json()) as {
      hits: Record<string, unknown>[];
      more: boolean;
    };
    expect(more).toBe(false);
    expect(hits).toEqual([
      {
        entry: expect.objectContaining({
          exchange,
          at: '2026-03-02T01:00:00.000Z',
          from: 'hrss-1',
          to: 'housing-1',
        }) as unknown,
        queryTitle: expect.stringMatching(/./) as unknown,
        purpose: { code: 'licence-screening', campaign: 'C-2026-01' },
        purposeTitle: expect.stringMatching(/./) as unknown,
        basis: ['晋建审字〔2024〕179号'],
        fields: { status: 'plain' },
        receipt: expect.objectContaining({ private: expect.stringContaining('salt') as unknown }) as unknown,
      },
    ]);
  });

  test('keeps to the time that is asked for', async () => {
    const at = async (more: object) =>
      ((await (await search('hrss-1', more)).json()) as { hits: unknown[] }).hits.length;
    expect([
      await at({ from: '2026-03-02T01:00:00.001Z' }),
      await at({ to: '2026-03-02T01:00:00.000Z' }),
    ]).toEqual([0, 0]);
    expect(await at({ from: '2026-03-02T01:00:00.000Z', to: '2026-03-03' })).toBe(1);
  });

  test('takes a day as that day in China, whole, whatever the server’s own zone is', async () => {
    const asked = [
      { from: '2026-03-02', to: '2026-03-02' },
      { from: '2026-03-03' },
      { to: '2026-03-01' },
      { from: '2026-03-02T00:00:00+08:00', to: '2026-03-02T09:00:00+08:00' },
      { from: '2026-03-02T09:00+08:00' },
    ];
    const found = [];
    for (const more of asked)
      found.push(((await (await search('hrss-1', more)).json()) as { hits: unknown[] }).hits.length);
    expect(found).toEqual([1, 0, 0, 0, 1]);
  });

  test('takes a range up to the ends of the calendar', async () => {
    const answer = await search('hrss-1', { from: '0000-01-01', to: '9999-12-31' });
    expect(((await answer.json()) as { hits: unknown[] }).hits).toHaveLength(1);
  });

  test('tells all of one millisecond, so that going on before it misses nothing', async () => {
    const of = { idType: often.idType, idNumber: often.idNumber };
    const { hits, more } = (await (await search('hrss-1', of)).json()) as {
      hits: { entry: { at: string } }[];
      more: boolean;
    };
    const older = await search('hrss-1', { ...of, to: hits.at(-1)!.entry.at });
    const rest = ((await older.json()) as { hits: unknown[] }).hits;
    expect([hits.length + rest.length, more]).toEqual([OFTEN, false]);
  });

  test('is remembered itself, by commitment, the newest ones', async () => {
    for (const more of [{}, {}, { to: '2026-03-01' }, {}]) await search('hrss-1', more);
    const { rows } = await database().pool.query<{ agency: string; commitment: Buffer; found: number }>(
      'select agency, commitment, found from audit_access order by id',
    );
    const commitment = subjectCommitment(epochKey, 'citizen-id', asked.idNumber);
    expect(rows).toEqual([1, 0, 1].map((found) => ({ agency: 'hrss-1', commitment, found })));
  });
});
