import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Finding, type SourceRow } from '#adapter';
import { loadContracts } from '#contracts';
import { housingSource } from '#synthetic';
import { useDatabase } from '#testing';
import { HousingSource, housingHandlers } from './index.js';

const contracts = loadContracts();
const database = useDatabase(housingSource);
const UNIT = '91990101MA00DEM14A';
let source: HousingSource;

beforeAll(async () => {
  await run(`insert into qy_jbxx values ('Q1', '测试建设工程有限公司', '${UNIT}', '990101'),
                                        ('Q2', '样例监理有限公司', '91990102MA00DEM22K', '990102')`);
  source = new HousingSource(database().pool.options.connectionString!);
});
afterAll(() => source.close());

const run = (sql: string) => database().pool.query(sql);
const rows = (finding: Finding): SourceRow[] => (finding.answer === 'found' ? finding.rows : []);
/** Milliseconds of midnight in Shanghai, as the platform has them. */
const midnight = (day: string) => Date.parse(`${day}T00:00:00+08:00`);
const shanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' });
const daysFromToday = (days: number) => shanghai.format(Date.now() + days * 86_400_000);

interface Registered {
  certificate?: string;
  type?: string;
  specialties?: string[];
  state?: string;
  until?: string;
  unit?: string;
}

async function person(number: string, ...registrations: Registered[]): Promise<void> {
  await run(`insert into ry_jbxx values ('R${number}', '甲测试', '414', '${number}')`);
  for (const one of registrations) await register(number, one);
}

async function register(
  number: string,
  {
    certificate = `T${number}`,
    type = 'RY_ZCLB_071',
    specialties = ['建筑工程'],
    state = '1',
    until = '2099-12-31',
    unit = 'Q1',
  }: Registered,
): Promise<void> {
  for (const [place, specialty] of specialties.entries()) {
    await run(`insert into ry_zcxx values ('R${number}', '${type}', '一级注册建造师', '${certificate}', '${certificate}(00)',
      '${specialty}', '${unit}', '测试建设工程有限责任公司', ${midnight('2024-05-01')}, ${midnight(until)}, '${state}', '990101',
      ${place + 1})`);
  }
}

const ban = (number: string, decision: string, until: string) =>
  run(
    `insert into ry_bljl values ('R${number}', '${decision}', '撤销注册', '测试厅', '2024-01-01', '${until}')`,
  );

async function ask(code: string, subject: string, params: object = {}, fields?: string[]): Promise<Finding> {
  const contract = contracts.find(code);
  const handler = housingHandlers(source).find(({ query }) => query === contract.id)!;
  const { findings } = await handler.lookUp({
    query: contract.id,
    region: '990000',
    subjects: [{ position: 0, idType: contract.subject === 'unit' ? 'uscc' : 'passport', normal: subject }],
    fields: new Set(fields ?? contract.fields.map(({ name }) => name)),
    params: params as Record<string, unknown>,
    signal: AbortSignal.timeout(5_000),
  });
  return findings.get(0)!;
}

describe('HC-RP-01', () => {
  test('is unreadable for a category or state that is not mapped', async () => {
    await person('A01', { type: 'RY_ZCLB_99' });
    await person('A02', { state: '9' });
    for (const number of ['A01', 'A02'])
      expect(await ask('HC-RP-01', number)).toEqual({ answer: 'unreadable', fault: 'unmapped' });
  });

  test('makes one registration of its specialties, and names the unit as it was registered', async () => {
    await person('A11', { specialties: ['市政公用工程', '建筑工程'] });
    expect(rows(await ask('HC-RP-01', 'A11'))).toEqual([
      {
        personName: '甲测试',
        idNumber: 'A11',
        category: 'CB1',
        certNo: 'TA11',
        sealNo: 'TA11(00)',
        unitName: '测试建设工程有限责任公司',
        unitUscc: UNIT,
        specialties: ['市政公用工程', '建筑工程'],
        status: 'valid',
        validFrom: '2024-05-01',
        validTo: '2099-12-31',
        region: '990101',
      },
    ]);
  });

  test('says expired of what is in force by its state and over by its date, from the day after', async () => {
    await person('A12', { until: daysFromToday(0) });
    await person('A13', { until: daysFromToday(-1) });
    await person('A14', { until: daysFromToday(-1), state: '4' });
    await person('A15', { state: '3' });
    await person('A16', { state: '2' });
    const status = async (number: string) =>
      rows(await ask('HC-RP-01', number, {}, ['status']))[0]?.['status'];
    expect(await Promise.all(['A12', 'A13', 'A14', 'A15', 'A16'].map(status))).toEqual([
      ...['valid', 'expired', 'revoked', 'expired', 'cancelled'],
    ]);
  });

  test('finds one category, and none of a category that the platform has not', async () => {
    await person('A17', { certificate: 'T1' }, { certificate: 'T2', type: 'RY_ZCLB_04' });
    const found = async (category: string) => rows(await ask('HC-RP-01', 'A17', { category }, ['certNo']));
    expect([await found('SE'), await found('CB1')]).toEqual([[{ certNo: 'T2' }], [{ certNo: 'T1' }]]);
    expect([await found('DF'), await found('toString')]).toEqual([[], []]);
    expect(await ask('HC-RP-01', 'A17', { category: 'DF' })).toEqual({ answer: 'none' });
  });

  test('answers none for a person without registration', async () => {
    await person('A18');
    expect(await ask('HC-RP-01', 'A18')).toEqual({ answer: 'none' });
  });

  test('tells the ban that lasts longest, and none that is over', async () => {
    await person('A19', {});
    await ban('A19', '旧', daysFromToday(-1));
    expect(rows(await ask('HC-RP-01', 'A19', {}, ['banUntil']))).toEqual([{}]);
    await ban('A19', '短', '2098-01-01');
    await ban('A19', '长', '2098-06-30');
    expect(rows(await ask('HC-RP-01', 'A19', {}, ['banUntil']))).toEqual([{ banUntil: '2098-06-30' }]);
  });
});

describe('HC-RP-02', () => {
  test('names everyone it tells of for the evidence, whether or not their numbers are asked for', async () => {
    await person('B01', { unit: 'Q2' });
    await person('B02', { unit: 'Q2', type: 'RY_ZCLB_04' });
    expect(await ask('HC-RP-02', '91990102MA00DEM22K', {}, ['category'])).toEqual({
      answer: 'found',
      rows: [{ category: 'CB1' }, { category: 'SE' }],
      persons: [
        { idType: 'passport', id: 'B01' },
        { idType: 'passport', id: 'B02' },
      ],
    });
    const supervisors = await ask('HC-RP-02', '91990102MA00DEM22K', { category: 'SE' }, ['idNumber']);
    expect(rows(supervisors)).toEqual([{ idNumber: 'B02' }]);
  });

  test('turns pages of 200, each record on one of them, and answers none after the last', async () => {
    await run(`insert into qy_jbxx values ('Q3', '大单位', '91990101MA00DEM300', '990101')`);
    await run(
      `insert into ry_jbxx select 'N' || n, '甲测试', '414', 'N' || n from generate_series(1, 401) n`,
    );
    await run(`insert into ry_zcxx select 'N' || n, 'RY_ZCLB_072', '二级注册建造师', 'C' || n, 'C' || n, '建筑工程', 'Q3', '大单位',
      ${midnight('2024-05-01')}, ${midnight('2099-01-01')}, '1', '990101', 1 from generate_series(1, 401) n`);
    const page = async (number: number) =>
      rows(await ask('HC-RP-02', '91990101MA00DEM300', { page: number }, ['certNo'])).map(
        (row) => row['certNo'],
      );
    const pages = [await page(1), await page(2), await page(3)];
    expect(pages.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(new Set(pages.flat()).size).toBe(401);
    expect(await ask('HC-RP-02', '91990101MA00DEM300', { page: 4 })).toEqual({ answer: 'none' });
    expect(rows(await ask('HC-RP-02', '91990101MA00DEM300', {}, ['certNo'])).length).toBe(200);
  });
});

describe('HC-RP-03', () => {
  test('says clear of everybody without a ban in force, known or not', async () => {
    await person('C01');
    await ban('C01', '旧', daysFromToday(-1));
    for (const number of ['C01', 'C99'])
      expect(rows(await ask('HC-RP-03', number))).toEqual([{ banState: 'CLEAR' }]);
  });

  test('says banned to the last day, and by which decision', async () => {
    await person('C02');
    await ban('C02', '测建罚决字〔2025〕1号', daysFromToday(0));
    expect(rows(await ask('HC-RP-03', 'C02'))).toEqual([
      { banState: 'BANNED', banUntil: daysFromToday(0), decisionNo: '测建罚决字〔2025〕1号' },
    ]);
    expect(rows(await ask('HC-RP-03', 'C02', {}, ['banState']))).toEqual([{ banState: 'BANNED' }]);
  });
});
