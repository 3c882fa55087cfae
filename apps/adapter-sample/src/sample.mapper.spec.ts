import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Finding } from '#adapter';
import { loadContracts } from '#contracts';
import { useDatabase } from '#testing';
import { bankSource } from '../../../test/conformance/sample-centre/schema.js';
import { SampleSource, sampleHandlers } from './index.js';

const contracts = loadContracts();
const database = useDatabase(bankSource);
const CITIZEN = '990102198412120011';
let source: SampleSource;

beforeAll(async () => {
  source = new SampleSource(database().pool.options.connectionString!, '990102');
  await database().pool.query(`
    insert into t_sysdt values ('20261001');
    insert into t_corp values ('D1', '测试建设工程有限公司', '91990101MA00DEM14A');
    insert into t_cif values ('1', '甲测试', 'A', '990102841212001'), ('2', '甲测试', 'A', '${CITIZEN}'),
                             ('3', '乙测试', 'C', 'ZZ1'), ('4', '丙测试', 'C', 'ZZ2');
    insert into t_pfacct values ('A1', '1', 'D1', 'S', '20040501', '202608', 540050),
                                ('A2', '2', 'D1', 'N', '20200101', '202609', 600000),
                                ('A3', '3', 'D1', 'X', '20200101', '202609', 600000);
    insert into t_pftxn values ('A1', 'D1', 'D', '202512', 129600), ('A1', 'D1', 'D', '202601', 129600),
                               ('A1', 'D1', 'D', '202606', 129600), ('A1', 'D1', 'D', '202606', 129600),
                               ('A1', 'D1', 'R', '202605', -129600), ('A1', 'D1', 'D', '202605', 129600),
                               ('A1', 'D1', 'W', '202601', -900000)`);
});
afterAll(() => source.close());

async function ask(code: string, idType: string, normal: string, month = '2026-06'): Promise<Finding> {
  const contract = contracts.find(code);
  const handler = sampleHandlers(source).find(({ query }) => query === contract.id)!;
  const { findings } = await handler.lookUp({
    query: contract.id,
    region: '990102',
    subjects: [{ position: 0, idType, normal }],
    fields: new Set(contract.fields.map(({ name }) => name)),
    params: { months: { from: '2026-01', to: '2026-06' }, month },
    signal: AbortSignal.timeout(5_000),
  });
  return findings.get(0)!;
}

test('an account state that is not mapped cannot be read', async () => {
  expect(await ask('PF-01', 'passport', 'ZZ1')).toEqual({ answer: 'unreadable', fault: 'unmapped' });
});

test('a customer of the bank without a provident-fund account is none', async () => {
  expect(await ask('PF-01', 'passport', 'ZZ2')).toEqual({ answer: 'none' });
});

test('one name under the 15- and the 18-digit number is one person; months taken back do not count', async () => {
  const unit = { unitName: '测试建设工程有限公司', unitUscc: '91990101MA00DEM14A', region: '990102' };
  const person = { personName: '甲测试', idNumber: CITIZEN, ...unit };
  expect(await ask('PF-01', 'citizen-id', CITIZEN)).toEqual({
    answer: 'found',
    rows: [
      { ...person, accountStatus: 'sealed', paidToMonth: '2026-08', monthsPaid: 2, contributionBase: 5400.5 },
      { ...person, accountStatus: 'normal', paidToMonth: '2026-09', monthsPaid: 0, contributionBase: 6000 },
    ],
  });
  expect(await ask('PF-02', 'citizen-id', CITIZEN)).toEqual({ answer: 'found', rows: [unit] });
});

test('a month that was taken back, or in which was only withdrawn, has no depositor', async () => {
  for (const month of ['2026-05', '2026-07'])
    expect(await ask('PF-02', 'citizen-id', CITIZEN, month)).toEqual({ answer: 'none' });
});
