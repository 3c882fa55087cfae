import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Finding, type SourceRow } from '#adapter';
import { loadContracts } from '#contracts';
import { hrssSource } from '#synthetic';
import { useDatabase } from '#testing';
import { HrssSource, hrssHandlers } from './index.js';

const contracts = loadContracts();
const database = useDatabase(hrssSource);
const run = (sql: string) => database().pool.query(sql);
let source: HrssSource;

beforeAll(async () => {
  await run(`
    insert into ab01 values
      ('A1', '测试建设工程有限公司', '91990101MA00DEM14A', null, '10', '4710', '990101'),
      ('B1', '测试建设工程有限公司第一分公司', '91990102MB0000000C', '91990101MA00DEM14A', '10', '4710', '990102'),
      ('C1', '测试建设工程(集团)', null, null, '10', '4710', '990101'),
      ('I1', '测试规划设计院', '12990100400000018N', null, '55', '7481', '990101'),
      ('G1', '测试机关', '11990000MB0000019F', null, '60', '9221', '990101'),
      ('D1', '测试派遣', '91990102MA00DEM22K', null, '10', '7263', '990101'),
      ('H1', '测试人才中心', '91990101MA00DEM300', null, '55', '7261', '990101'),
      ('X1', '测试未知类型', '91990101MA00DEM300', null, '77', '4710', '990101');`);
  source = new HrssSource(database().pool.options.connectionString!);
});
afterAll(() => source.close());

/** A person with a document, and what is on file of them. */
async function person(number: string, ...facts: string[]): Promise<void> {
  await run(
    `insert into ac01 values ('P${number}', '${number}', '08', '${number}', '甲测试', '21', '01', null, '0')`,
  );
  for (const fact of facts) await run(fact.replaceAll('$me', `'P${number}'`));
}

const relation = (payer: string, state = '1', paying = '1', since = '2020-01-01') =>
  `insert into ac02 values ($me, ${payer}, '110', '${state}', '${paying}', '${since}', '990101')`;
const due = (payer: string, month: number, arrived = '1', insurance = '110') =>
  `insert into ac43 values ($me, ${payer}, '${insurance}', ${month}, '10', '${arrived}', null, 5000, '990101')`;

async function ask(code: string, number: string, params: object, fields?: string[]): Promise<Finding> {
  const contract = contracts.find(code);
  const handler = hrssHandlers(source).find(({ query }) => query === contract.id)!;
  const { findings } = await handler.lookUp({
    query: contract.id,
    region: '990200',
    subjects: [{ position: 0, idType: 'passport', normal: number }],
    fields: new Set(fields ?? contract.fields.map(({ name }) => name)),
    params: params as Record<string, unknown>,
    signal: AbortSignal.timeout(5_000),
  });
  return findings.get(0)!;
}

const rows = (finding: Finding): SourceRow[] => (finding.answer === 'found' ? finding.rows : []);
const year = { months: { from: '2026-01', to: '2026-03' } };

describe('HR-SI-01', () => {
  test('is unreadable for a kind of unit, insurance or state that is not mapped', async () => {
    await person('S01', relation(`'X1'`), due(`'X1'`, 202_601));
    await person('S02', relation(`'A1'`), due(`'A1'`, 202_601, '1', '999'));
    await person('S03', relation(`'A1'`, '7'), due(`'A1'`, 202_601));
    for (const number of ['S01', 'S02', 'S03'])
      expect(await ask('HR-SI-01', number, year)).toEqual({ answer: 'unreadable', fault: 'unmapped' });
    expect(rows(await ask('HR-SI-01', 'S01', year, ['payerName']))).toEqual([{ payerName: '测试未知类型' }]);
  });

  test('tells months due, months arrived and whether all arrived, within the asked months only', async () => {
    const months = [
      due(`'A1'`, 202_512),
      due(`'A1'`, 202_601),
      due(`'A1'`, 202_602, '0'),
      due(`'A1'`, 202_604),
    ];
    await person('S11', relation(`'A1'`), ...months);
    expect(rows(await ask('HR-SI-01', 'S11', year))).toEqual([
      {
        personName: '甲测试',
        idNumber: 'S11',
        payerName: '测试建设工程有限公司',
        payerUscc: '91990101MA00DEM14A',
        payerType: 'enterprise',
        insuranceType: '110',
        participationStatus: 'normal',
        paymentStatus: 'paying',
        months: ['2026-01', '2026-02'],
        monthsPaid: 1,
        arrived: false,
        region: '990101',
      },
    ]);
  });

  test('answers none when nothing was due in the asked months, and for the other insurances', async () => {
    await person('S12', relation(`'A1'`), due(`'A1'`, 202_512));
    expect(await ask('HR-SI-01', 'S12', year)).toEqual({ answer: 'none' });
    const only = { months: { from: '2025-12', to: '2025-12' }, insurances: ['120', '170'] };
    expect(await ask('HR-SI-01', 'S12', only)).toEqual({ answer: 'none' });
    expect(rows(await ask('HR-SI-01', 'S12', { ...only, insurances: ['110'] }))).toHaveLength(1);
  });

  test('says by what kind of unit, and names none for who pays alone or under an old account', async () => {
    const payers = [`'A1'`, `'I1'`, `'G1'`, `'D1'`, `'H1'`, `'C1'`, 'null'];
    await person('S13', ...payers.flatMap((payer) => [relation(payer), due(payer, 202_601)]));
    const fields = ['payerName', 'payerUscc', 'payerType'];
    const told = rows(await ask('HR-SI-01', 'S13', year, fields));
    expect(new Set(told)).toEqual(
      new Set([
        { payerName: '测试建设工程有限公司', payerUscc: '91990101MA00DEM14A', payerType: 'enterprise' },
        { payerName: '测试规划设计院', payerUscc: '12990100400000018N', payerType: 'institution' },
        { payerName: '测试机关', payerUscc: '11990000MB0000019F', payerType: 'government' },
        { payerName: '测试派遣', payerUscc: '91990102MA00DEM22K', payerType: 'dispatch' },
        { payerName: '测试人才中心', payerUscc: '91990101MA00DEM300', payerType: 'hr-agency' },
        { payerName: '测试建设工程(集团)', payerType: 'enterprise' },
        { payerType: 'individual' },
      ]),
    );
  });

  test('gives a payer one row, in the state of the newest relation, though arrears have their own', async () => {
    await person(
      'S14',
      ...[relation(`'A1'`, '2', '3', '2020-01-01'), relation(`'A1'`, '1', '2', '2026-01-01')],
      ...[due(`'A1'`, 202_601), due(`'A1'`, 202_601)],
    );
    expect(
      rows(await ask('HR-SI-01', 'S14', year, ['participationStatus', 'paymentStatus', 'monthsPaid'])),
    ).toEqual([{ participationStatus: 'normal', paymentStatus: 'suspended', monthsPaid: 1 }]);
  });
});

describe('HR-SI-02', () => {
  test('names a branch and the legal person that it belongs to, once, and only for the asked month', async () => {
    await person('M01', due(`'B1'`, 202_609), due(`'B1'`, 202_609, '1', '120'), due(`'A1'`, 202_608));
    expect(rows(await ask('HR-SI-02', 'M01', { month: '2026-09' }))).toEqual([
      { payerUscc: '91990102MB0000000C', payerLegalUscc: '91990101MA00DEM14A', region: '990101' },
    ]);
    expect(await ask('HR-SI-02', 'M01', { month: '2026-07' })).toEqual({ answer: 'none' });
  });

  test('has no code for who pays alone', async () => {
    await person('M02', due('null', 202_609));
    expect(rows(await ask('HR-SI-02', 'M02', { month: '2026-09' }))).toEqual([{ region: '990101' }]);
  });
});

describe('HR-LR-01', () => {
  const filing = (from: string, to: string | null, kind = '1', dispatched = '0') =>
    `insert into ldyg_ba values ($me, 'A1', '${kind}', '${dispatched}', '${from}', ${to ? `'${to}'` : 'null'}, '2024-02-01', '990101')`;

  test('tells the contracts that run on the asked day, both ends included; today when none is named', async () => {
    await person('L01', filing('2024-01-01', '2024-12-31'), filing('2025-01-01', null, '2', '1'));
    const on = async (date?: string) =>
      rows(await ask('HR-LR-01', 'L01', date ? { date } : {}, ['contractType', 'contractEnd', 'dispatched']));
    const fixed = { contractType: 'fixed', contractEnd: '2024-12-31', dispatched: false };
    const open = { contractType: 'open', dispatched: true };
    expect(await on('2023-12-31')).toEqual([]);
    expect([await on('2024-01-01'), await on('2024-12-31')]).toEqual([[fixed], [fixed]]);
    expect([await on('2025-01-01'), await on()]).toEqual([[open], [open]]);
  });
});

describe('HR-EX-01', () => {
  test('finds the exams of the asked year and name', async () => {
    const entry = (name: string, of: number, result: string) =>
      `insert into zyzg_ksbm values ($me, '${name}', ${of}, '某单位', '${result}', '990101')`;
    await person(
      'E01',
      entry('一级建造师', 2021, '1'),
      entry('一级建造师', 2022, '3'),
      entry('造价工程师', 2022, '4'),
    );
    const found = async (params: object) =>
      rows(await ask('HR-EX-01', 'E01', params, ['examYear', 'resultStatus'])).map((row) =>
        Object.values(row),
      );
    expect(await found({})).toHaveLength(3);
    expect(await found({ year: 2022, examName: '一级建造师' })).toEqual([[2022, 'absent']]);
    expect(await found({ examName: "' or true --" })).toEqual([]);
  });
});

describe('HR-AR-01', () => {
  test('says that no file is held of a known person, and nothing of an unknown one', async () => {
    await person('F01');
    expect(rows(await ask('HR-AR-01', 'F01', {}))).toEqual([{ fileHeld: false, region: '990200' }]);
    expect(await ask('HR-AR-01', 'F02', {})).toEqual({ answer: 'none' });
  });

  test('says where a file is, in the region that it is in', async () => {
    await person('F03', `insert into ryda values ($me, '测试人才中心', '2', '2019-09-01', '990101')`);
    expect(rows(await ask('HR-AR-01', 'F03', {}))).toEqual([
      {
        fileHeld: true,
        holderName: '测试人才中心',
        depositKind: 'person',
        depositDate: '2019-09-01',
        region: '990101',
      },
    ]);
  });
});
