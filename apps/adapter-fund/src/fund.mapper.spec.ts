import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Finding, type SourceReply, type SourceRow } from '#adapter';
import { loadContracts } from '#contracts';
import { fundSource } from '#synthetic';
import { useDatabase } from '#testing';
import { FundSource, fundHandlers } from './index.js';

const contracts = loadContracts();
const database = useDatabase(fundSource);
const CITIZEN = '990102198412120011';
let source: FundSource;

beforeAll(() => {
  source = new FundSource(database().pool.options.connectionString!, '990200');
});
afterAll(() => source.close());

const run = (sql: string) => database().pool.query(sql);
const account = (key: string, kind: string, number: string, state = '01', updated = '2026-10-01') =>
  run(`insert into grzhxx values ('${key}', 'D1', '甲测试', '${kind}', '${number}', null, '2020-01-01', 202608, 5400.5, 0.12, 0.12,
    648, 648, 0, '${state}', null, '${updated}T00:00:00Z')`);
const deposit = (key: string, month: number, unit = 'D1') =>
  run(`insert into grjcmx values ('${key}', '${unit}', ${month}, 1296)`);

async function ask(code: string, idType: string, normal: string, fields?: string[]): Promise<SourceReply> {
  const contract = contracts.find(code);
  const handler = fundHandlers(source).find(({ query }) => query === contract.id)!;
  return handler.lookUp({
    query: contract.id,
    region: '990200',
    subjects: [{ position: 0, idType, normal }],
    fields: new Set(fields ?? contract.fields.map(({ name }) => name)),
    params: { months: { from: '2026-01', to: '2026-06' }, month: '2026-08' },
    signal: AbortSignal.timeout(5_000),
  });
}
const finding = async (...asked: Parameters<typeof ask>): Promise<Finding> =>
  (await ask(...asked)).findings.get(0)!;
const rows = (found: Finding): SourceRow[] => (found.answer === 'found' ? found.rows : []);

describe('a provident-fund centre', () => {
  test('without an account has data as of now, and otherwise as of its newest account', async () => {
    const before = await ask('PF-01', 'passport', 'ZZ1');
    expect(before.findings.get(0)).toEqual({ answer: 'none' });
    expect(Math.abs(before.dataTime.getTime() - Date.now())).toBeLessThan(60_000);
    await run(
      `insert into dwzhxx values ('D1', '测试建设工程有限公司', '01', '91990101MA00DEM14A'), ('D2', '老单位', '01', null)`,
    );
    await account('OLD', '03', 'ZZ2', '01', '2025-01-01');
    await account('NEW', '03', 'ZZ3', '01', '2026-10-07');
    expect((await ask('PF-01', 'passport', 'ZZ2')).dataTime).toEqual(new Date('2026-10-07T00:00:00Z'));
  });

  test('does not take a travel permit for a passport of the same number', async () => {
    await account('P1', '99', 'H00000001');
    expect(await finding('PF-01', 'passport', 'H00000001')).toEqual({ answer: 'none' });
    expect(rows(await finding('PF-01', 'hk-macau-permit', 'H00000001'))).toHaveLength(1);
  });

  test('cannot be read where an account state is not mapped', async () => {
    await account('X1', '03', 'ZZ4', '08');
    expect(await finding('PF-01', 'passport', 'ZZ4')).toEqual({ answer: 'unreadable', fault: 'unmapped' });
  });
});

describe('PF-01', () => {
  test('finds a 15-digit account, tells the 18-digit number, and counts the months asked about', async () => {
    await account('C1', '01', '990102841212001', '02');
    for (const month of [202_512, 202_601, 202_606, 202_606, 202_607]) await deposit('C1', month);
    expect(rows(await finding('PF-01', 'citizen-id', CITIZEN))).toEqual([
      {
        personName: '甲测试',
        idNumber: CITIZEN,
        unitName: '测试建设工程有限公司',
        unitUscc: '91990101MA00DEM14A',
        accountStatus: 'sealed',
        paidToMonth: '2026-08',
        monthsPaid: 2,
        contributionBase: 5400.5,
        region: '990200',
      },
    ]);
  });

  test('tells every account of a person, old and new', async () => {
    await account('C2', '01', CITIZEN, '01');
    expect(rows(await finding('PF-01', 'citizen-id', CITIZEN, ['accountStatus']))).toEqual([
      { accountStatus: 'sealed' },
      { accountStatus: 'normal' },
    ]);
  });
});

describe('PF-02', () => {
  test('answers none in a month without a deposit, though there is an account', async () => {
    expect(await finding('PF-02', 'citizen-id', CITIZEN)).toEqual({ answer: 'none' });
  });

  test('names the units that deposited in the asked month, by name alone where they have no code', async () => {
    await deposit('C2', 202_608, 'D2');
    await deposit('C2', 202_608, 'D1');
    await deposit('C2', 202_608, 'D1');
    expect(rows(await finding('PF-02', 'citizen-id', CITIZEN))).toEqual([
      { unitName: '测试建设工程有限公司', unitUscc: '91990101MA00DEM14A', region: '990200' },
      { unitName: '老单位', region: '990200' },
    ]);
  });
});
