import { expect, test } from '@jest/globals';
import { AT, contracts, grant, hrss, scheme } from '../spec/sample.js';
import { lintSchemes } from './index.js';
import { type Grant } from './model.js';

const id = 'hrss-990000/housing-990100';

/** What is said about one grant, but for fields that nobody is granted. */
function said(change: Partial<Grant>) {
  return lint(scheme({ grants: [grant({ fields: { payerName: { release: 'plain' } }, ...change })] }))
    .filter(({ fault }) => !fault.startsWith('没有授权给任何一方'))
    .map(({ level, path, fault }) => `${level} ${path} ${fault}`);
}

function lint(...schemes: unknown[]) {
  return lintSchemes({ provider: hrss, schemes, contracts, at: AT });
}

test('errors are told alone, with the place', () => {
  const overlapping = scheme({ grants: [grant(), grant()] });
  expect(lint(overlapping)).toEqual([
    {
      level: 'error',
      scheme: id,
      path: '/grants/1/purposes/0',
      fault: '与另一授权重叠（同一请求方、查询、目的）',
    },
  ]);
});

test('a sound grant to the point is not remarked on', () => {
  expect(said({})).toEqual([]);
});

test('a sensitive field in plain is a warning', () => {
  expect(said({ fields: { idNumber: { release: 'plain' } } })).toEqual([
    'warning /grants/0/fields/idNumber 敏感字段以明文放出：idNumber（证件号码）',
  ]);
});

test('a mask is told by the persons it leaves: few are a warning, many are not', () => {
  const [narrow] = said({ fields: { idNumber: { release: 'mask', mask: 'keep', first: 6, last: 4 } } });
  const [wide] = said({ fields: { idNumber: { release: 'mask', mask: 'keep', first: 1, last: 1 } } });
  const [unknown] = said({ fields: { idNumber: { release: 'mask', mask: 'phone' } } });
  expect(narrow).toMatch(/^warning \/grants\/0\/fields\/idNumber .*至少对应 2\d{3} 个可能的号码$/);
  expect(wide).toMatch(/^info .*至少对应 \d{7,} 个可能的号码$/);
  expect(unknown).toMatch(/^info .*剩余人数无法估计$/);
});

test('a grant that ends within 60 days, or has ended, is a warning', () => {
  const until = (to: string) => said({ validity: { from: '2026-01-01', to } });
  expect(until('2026-05-01')).toEqual([]);
  expect(until('2026-04-30')).toEqual(['warning /grants/0/validity/to 将于 2026-04-30 到期，不足 60 天']);
  expect(until('2026-03-01')).toEqual(['warning /grants/0/validity/to 已于 2026-03-01 到期']);
});

test('limits and regions beyond the contract and the provider’s own are warnings', () => {
  expect(said({ rows: { max: 51 }, regions: ['990000', '990101', '110000'] })).toEqual([
    'warning /grants/0/rows/max 行数上限 51 宽于契约的 50',
    'warning /grants/0/regions/2 110000 不在提供方辖区 990000 之内',
    'info /grants/0/regions/1 990101 已包含在 990000 之内',
  ]);
});

test('a legal basis that the contract does not list is a warning, as is another section of one that it lists', () => {
  const [listed] = contracts.get('HR-SI-01@1')!.legalBasis;
  const other = { document: '测试办法', section: '三' };
  expect(said({ legalBasis: [listed!, other, { document: listed!.document, section: '附则' }] })).toEqual([
    'warning /grants/0/legalBasis/1 契约 HR-SI-01@1 没有列出这一依据：测试办法，三',
    `warning /grants/0/legalBasis/2 契约 HR-SI-01@1 没有列出这一依据：${listed!.document}，附则`,
  ]);
});

test('a query that the provider is not registered for is a warning, a suspension is worth knowing', () => {
  const suspended = { since: '2026-02-01', reason: '核查中' };
  const provider = { ...hrss, provides: [] };
  const schemes = [scheme({ grants: [grant({ fields: { payerName: { release: 'plain' } }, suspended })] })];
  expect(lintSchemes({ provider, schemes, contracts, at: AT }).slice(0, 2)).toEqual([
    { level: 'warning', scheme: id, path: '/grants/0/query', fault: '提供方没有登记提供 HR-SI-01' },
    { level: 'info', scheme: id, path: '/grants/0/suspended', fault: '自 2026-02-01 起暂停：核查中' },
  ]);
});

test('a template is not held against the region and the register of one agency', () => {
  const template = scheme({
    provider: 'hrss',
    grants: [grant({ regions: ['110000'], fields: { region: { release: 'plain' } } })],
  });
  const provider = { ...hrss, provides: [] };
  const findings = lintSchemes({ provider, schemes: [template], contracts, at: AT });
  expect(findings.filter(({ level }) => level === 'warning')).toEqual([]);
});

test('fields that nobody is granted are listed once', () => {
  const other = scheme({
    scheme: 'hrss/fund',
    requester: 'fund',
    grants: [grant({ fields: { region: { release: 'plain' } } })],
  });
  const unused = lint(scheme(), other).filter(({ fault }) => fault.startsWith('没有授权给任何一方'));
  expect(unused.map(({ path }) => path)).toEqual(
    ['personName', 'payerUscc', 'monthsPaid', 'arrived', 'months', 'remark'].map(
      (name) => `/HR-SI-01@1/fields/${name}`,
    ),
  );
  expect(unused[0]).toMatchObject({
    level: 'info',
    scheme: 'hrss-990000',
    fault: '没有授权给任何一方：personName（姓名）',
  });
});
