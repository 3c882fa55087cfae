import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Finding, type SourceReply, type SourceRow } from '#adapter';
import { Problem } from '#problem';
import { samplePersons } from '#synthetic';
import { hanging, replaceAdapter, type Behaviour } from '../support/hostile.js';
import { call, question, type Answer } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { entriesOf } from '../support/wire.js';
import { writtenSince } from '../support/written.js';

const province = useProvince({ busHistory: true });
const [housing, hrss] = ['housing-990100', 'hrss-990000'];
const PERSON = '990101198503120010';
const OTHER = samplePersons[1]!.idNumber;
const LEAK = '标记泄漏';
const { forever } = hanging();
const source: Behaviour = { lookUp: () => Promise.reject(new Error('no behaviour')) };
const centre: Behaviour = { lookUp: forever };

beforeAll(async () => {
  await liftQuotas(province(), hrss, 'fund-990100', 'fund-990200');
  await replaceAdapter(province(), hrss, source);
  await replaceAdapter(province(), 'fund-990200', centre);
}, 30_000);

const ROW: SourceRow = {
  ...{ personName: '张测试', idNumber: PERSON, payerName: '测试建设工程有限公司' },
  ...{ payerUscc: '91990101MA00DEM14A', payerType: 'enterprise', insuranceType: '110' },
  ...{ participationStatus: 'normal', paymentStatus: 'paying', months: ['2026-09'], monthsPaid: 1 },
  ...{ arrived: true, region: '990100' },
};
const found = (...rows: unknown[]): SourceReply => reply({ answer: 'found', rows: rows as SourceRow[] });
const reply = (finding: unknown): SourceReply => ({
  dataTime: new Date(),
  findings: new Map([[0, finding as Finding]]),
});
const row = (change: Record<string, unknown>): SourceReply => found({ ...ROW, ...change });
const ask = (change: Record<string, unknown> = {}): Promise<Answer> =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body: question(change) });

/** Asks while the source behaves so, and looks that nothing of it got out, that it was recorded, and that others go on. */
async function outcomeOf(behave: () => unknown): Promise<[number, unknown]> {
  source.lookUp = async () => (await behave()) as SourceReply;
  const disclosures = await entriesOf(province().adapters.get(hrss)!.node, 'disclosure');
  const answer = await ask();
  const everything = JSON.stringify(answer.body) + province().logLines.join('\n');
  expect(everything).not.toMatch(new RegExp(`${LEAK}|${PERSON}|${OTHER}|张测试`));
  expect(await entriesOf(province().adapters.get(hrss)!.node, 'disclosure')).toBe(disclosures + 1);
  const elsewhere = await call(province(), {
    agency: 'hrss-990000',
    path: '/v1/queries/HC-RP-01',
    body: question({ region: '990000', params: undefined }),
  });
  expect(elsewhere.status).toBe(200);
  return [answer.status, answer.body['code']];
}

describe('a source that answers as it should', () => {
  test('is answered, so that the refusals below are not those of a broken test', async () => {
    source.lookUp = () => Promise.resolve(found(ROW));
    const answer = await ask();
    expect([answer.status, answer.body['answer']]).toEqual([200, 'found']);
    expect(JSON.stringify(answer.body)).toContain('91990101MA00DEM14A');
  });

  test('gives no field more than was granted, nested or inherited or not', async () => {
    const more = { phone: LEAK, nested: { deep: [{ name: LEAK }] }, constructor: LEAK };
    const proto = JSON.parse(`{"__proto__":{"leak":"${LEAK}"}}`) as Record<string, unknown>;
    expect(await outcomeOf(() => row({ ...more, ...proto }))).toEqual([200, undefined]);
    expect(await outcomeOf(() => found(Object.assign(Object.create({ leak: LEAK }) as object, ROW)))).toEqual(
      [200, undefined],
    );
  });
});

describe('a source that fails', () => {
  const disguised = Object.assign(new Error(`x\n    at ${LEAK} (/a.js:1:1)\n    at z (${PERSON}:1:1)`), {
    name: LEAK,
    code: LEAK,
    cause: Object.assign(new Error(LEAK), { name: PERSON }),
  });
  test.each([
    ['throws with a name in its message', () => Promise.reject(new Error(`${LEAK} ${PERSON}`)), 503, 5030],
    ['throws with a name wherever an error has room', () => Promise.reject(disguised), 503, 5030],
    [
      'throws a problem of ours with a name in it',
      () =>
        Promise.reject(
          new Problem('source-unavailable', { field: `/${PERSON}`, detail: LEAK, extensions: { LEAK } }),
        ),
      503,
      5030,
    ],
    ['throws no error at all', () => Promise.reject(LEAK as unknown as Error), 503, 5030],
    ['hangs', forever, 504, 5040],
    ['answers after it was given up', () => sleep(600).then(() => row({ personName: LEAK })), 504, 5040],
    ['returns nothing', () => undefined, 502, 5020],
    ['returns no findings', () => ({ dataTime: new Date() }), 502, 5020],
    ['returns findings of another kind', () => ({ dataTime: new Date(), findings: { 0: ROW } }), 502, 5020],
    [
      'finds nothing for the person asked about',
      () => ({ dataTime: new Date(), findings: new Map() }),
      502,
      5020,
    ],
    [
      'finds somebody at another position only',
      () => ({ dataTime: new Date(), findings: new Map([[1, { answer: 'found', rows: [ROW] }]]) }),
      502,
      5020,
    ],
    ['has data from no time', () => ({ ...found(ROW), dataTime: new Date(NaN) }), 502, 5020],
    ['has data from a text', () => ({ ...found(ROW), dataTime: LEAK }), 502, 5020],
    ['answers with a word of its own', () => reply({ answer: LEAK }), 502, 5020],
    ['cannot read a row', () => reply({ answer: 'unreadable', fault: 'unmapped' }), 502, 5020],
    ['cannot read it for a reason of its own', () => reply({ answer: 'unreadable', fault: LEAK }), 502, 5020],
    ['finds without rows', () => reply({ answer: 'found' }), 502, 5020],
    ['finds an empty list', () => found(), 502, 5020],
    ['gives a row that is a text', () => found(LEAK), 502, 5020],
    ['gives a row that is nothing', () => found(null), 502, 5020],
    ['gives a list for a text', () => row({ payerName: [LEAK] }), 502, 5020],
    ['gives a record for a text', () => row({ payerName: { toString: LEAK } }), 502, 5020],
    ['gives a word that the contract has not', () => row({ payerType: LEAK }), 502, 5020],
    ['gives a number that is none', () => row({ monthsPaid: NaN }), 502, 5020],
    ['gives a longer text than the contract allows', () => row({ payerName: LEAK.repeat(100) }), 502, 5020],
    ['leaves out what must be there', () => row({ paymentStatus: undefined }), 502, 5020],
    ['gives nothing for what must be there', () => row({ arrived: null }), 502, 5020],
    [
      'gives more rows than the contract allows',
      () => found(...Array.from({ length: 51 }, () => ROW)),
      502,
      5020,
    ],
    ['gives another person', () => row({ idNumber: OTHER, personName: LEAK }), 502, 5020],
    ['gives another person among the right rows', () => found(ROW, { ...ROW, idNumber: OTHER }), 502, 5020],
  ])(
    'and %s is refused as a whole',
    async (_what, behave, status, code) => {
      expect(await outcomeOf(behave)).toEqual([status, code]);
    },
    15_000,
  );

  test.each([
    ['another city', '990200'],
    ['no region', undefined],
    ['a region that is none', LEAK],
  ])('and gives rows of %s holds them back, and says so', async (_what, region) => {
    expect(await outcomeOf(() => row({ region }))).toEqual([403, 4032]);
    expect(await outcomeOf(() => found(ROW, { ...ROW, region, payerName: LEAK }))).toEqual([200, undefined]);
    source.lookUp = () => Promise.resolve(found(ROW, { ...ROW, region, payerName: LEAK }));
    const { body } = await ask();
    expect((body['exchanges'] as [unknown])[0]).toMatchObject({ heldBack: 1, results: [{ heldBack: 1 }] });
  });

  test('for one person of many refuses that one, and the others are answered', async () => {
    source.lookUp = ({ subjects }) =>
      Promise.resolve({
        dataTime: new Date(),
        findings: new Map(
          subjects.map(({ position, normal }) => [
            position,
            { answer: 'found', rows: [{ ...ROW, idNumber: normal, monthsPaid: position === 1 ? -1 : 1 }] },
          ]),
        ),
      });
    const { status, body } = await ask({
      subjects: [PERSON, OTHER].map((idNumber) => ({ idType: 'citizen-id', idNumber })),
    });
    const [{ results }] = body['exchanges'] as [{ results: { answer: string; reason?: string }[] }];
    expect([status, results.map(({ answer, reason }) => [answer, reason])]).toEqual([
      200,
      [
        ['found', undefined],
        ['refused', 'provider-contract'],
      ],
    ]);
  });
});

describe('one centre of two that hangs', () => {
  const everywhere = (deadlineMs: number): Promise<Answer> =>
    call(province(), {
      agency: 'housing-990000',
      path: '/v1/queries/PF-01',
      body: question({ region: '990000', deadlineMs }),
    });

  test('is named as missing within the deadline, the other one is heard, and both are recorded as one call', async () => {
    const { node } = province().gateways.get('housing-990000')!;
    const before = node.log.health().size;
    const started = Date.now();
    const { status, body } = await everywhere(5_000);
    expect([status, body['answer'], body['missing']]).toEqual([200, 'partial', ['fund-990200']]);
    expect(Date.now() - started).toBeLessThan(5_000);
    const written = (await writtenSince(node, before)).map((entry) => [
      ...[entry.public['kind'], entry.public['to'], entry.private['call']],
    ]);
    expect(written.sort()).toEqual([
      ['intent', 'fund-990100', body['call']],
      ['intent', 'fund-990200', body['call']],
      ['outcome', 'fund-990100', body['call']],
      ['outcome', 'fund-990200', body['call']],
    ]);
    const answers = (body['exchanges'] as { provider: string; answer: string; reason?: string }[]).map(
      ({ provider, answer, reason }) => [provider, answer, reason],
    );
    expect(answers).toEqual([
      ['fund-990100', 'found', undefined],
      ['fund-990200', 'unavailable', 'source-timeout'],
    ]);
  });

  test('and is gone altogether is missing at the deadline', async () => {
    const { bus } = province();
    bus.faults.loseRandomly('exchange.request.fund-990200', 1);
    try {
      const started = Date.now();
      const { status, body } = await everywhere(1_000);
      expect([status, body['answer'], body['missing']]).toEqual([200, 'partial', ['fund-990200']]);
      expect(Date.now() - started).toBeLessThan(1_500);
    } finally {
      bus.faults.clear();
    }
  });
});
