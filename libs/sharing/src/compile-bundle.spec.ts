import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { bundle, contracts, grant, hrss, scheme } from '../spec/sample.js';
import { buildTable, compileBundle, MOST_NUMBER } from './index.js';

function faultsOf(...schemes: unknown[]): unknown {
  try {
    bundle(schemes);
  } catch (error) {
    if (error instanceof Problem && error.problem === 'bundle-invalid') return error.extensions['faults'];
    throw error;
  }
  return [];
}

/** Faults of a scheme with one grant that is sound but for the change. */
function faultsWith(change: Record<string, unknown>): unknown {
  return faultsOf(scheme({ grants: [{ ...grant(), ...change }] }));
}

const id = 'hrss-990000/housing-990100';

describe('a bundle is not made of schemes with', () => {
  test.each([
    ['an unknown key', { extra: 1 }, '/grants/0/extra', '未知的键'],
    ['no legal basis', { legalBasis: [] }, '/grants/0/legalBasis', '至少要有一项'],
    ['no validity', { validity: undefined }, '/grants/0/validity', '缺少必填项'],
    [
      'an impossible date',
      { validity: { from: '2026-02-30', to: '2026-12-31' } },
      '/grants/0/validity',
      '不是真实日期',
    ],
    [
      'inverted dates',
      { validity: { from: '2026-12-31', to: '2026-12-30' } },
      '/grants/0/validity',
      '起止日期颠倒',
    ],
    ['a malformed region', { regions: ['99010'] }, '/grants/0/regions/0', '格式不符'],
    ['a region of no province', { regions: ['980000'] }, '/grants/0/regions/0', '不是行政区划代码'],
    ['an unknown query', { query: 'HR-XX-09@1' }, '/grants/0/query', '没有这个查询接口或契约版本'],
    ['no field', { fields: {} }, '/grants/0/fields', '至少要有一项'],
  ])('%s', (_name, change, path, fault) => {
    expect(faultsWith(change)).toEqual([{ scheme: id, path, fault }]);
  });

  test.each([
    ['a field that is not in the contract', 'salary', { release: 'plain' }, '', '契约没有这个字段'],
    ['a name every object inherits', '__proto__', { release: 'plain' }, '', '契约没有这个字段'],
    [
      'a mode the contract does not allow',
      'arrived',
      { release: 'mask', mask: 'hide' },
      '',
      '契约不允许此字段以这种方式放出',
    ],
    ['an unknown mode', 'payerName', { release: 'open' }, '', '没有这种放出方式'],
    ['an unknown mask', 'payerName', { release: 'mask', mask: 'blur' }, '', '没有这种掩码'],
    [
      'an unknown parameter of a mask',
      'payerName',
      { release: 'mask', mask: 'keep', firts: 1 },
      '',
      '掩码参数未知或取值不对：firts',
    ],
    ['an unknown key of a mode', 'payerName', { release: 'plain', mask: 'hide' }, '/mask', '未知的键'],
    [
      'a claim the contract does not have',
      'payerUscc',
      { release: 'match', claim: 'name' },
      '',
      '契约没有这个比对值',
    ],
    [
      'bands that do not ascend',
      'monthsPaid',
      { release: 'band', bands: [6, 6] },
      '',
      '分段界限须递增且不重复',
    ],
    ['bands of a text', 'payerName', { release: 'band', bands: [6] }, '', '只有数值字段可以分段'],
  ])('%s', (_name, field, rule, below, fault) => {
    const fields: unknown = JSON.parse(`{"${field}": ${JSON.stringify(rule)}}`);
    expect(faultsWith({ fields })).toEqual([
      { scheme: id, path: `/grants/0/fields/${field}${below}`, fault },
    ]);
  });

  test('two grants of one requester, query and purpose, in one scheme or in two', () => {
    const second = scheme({
      scheme: 'hrss/housing-990100',
      provider: 'hrss',
      grants: [grant({ regions: ['990200'] })],
    });
    const fault = '与另一授权重叠（同一请求方、查询、目的）';
    expect(faultsOf(scheme(), second)).toEqual([
      { scheme: 'hrss/housing-990100', path: '/grants/0/purposes/0', fault },
    ]);
    expect(faultsOf(scheme({ grants: [grant(), grant()] }))).toEqual([
      { scheme: id, path: '/grants/1/purposes/0', fault },
    ]);
  });

  test('one id twice', () => {
    const second = scheme({ requester: 'housing-990200' });
    expect(faultsOf(scheme(), second)).toEqual([{ scheme: id, path: '/scheme', fault: '方案编号重复' }]);
  });

  test('another provider, or a query that its class of agency does not own', () => {
    expect(faultsOf(scheme({ provider: 'fund-990100' }))).toEqual([
      { scheme: id, path: '/provider', fault: '不是本提供方的方案' },
    ]);
    const source = {
      provider: { ...hrss, class: 'fund' as const },
      number: 1,
      issuedAt: '2026-01-01T00:00:00.000Z',
    };
    expect(() => compileBundle({ ...source, schemes: [scheme()], contracts })).toThrow('bundle-invalid');
  });

  test('several faults, all told at once', () => {
    const bad = scheme({
      grants: [grant({ regions: ['980000'], validity: { from: '2027-01-01', to: '2026-01-01' } })],
    });
    expect(faultsOf(bad, 'no scheme')).toEqual([{ scheme: '#1', path: '', fault: '类型不符' }]);
    expect(faultsOf(bad)).toHaveLength(2);
  });
});

describe('a bundle', () => {
  test('holds the schemes in order of id, a template of the class made the provider’s own', () => {
    const template = scheme({ scheme: 'hrss/fund', provider: 'hrss', requester: 'fund' });
    expect(bundle([template, scheme()], 7)).toEqual({
      v: 1,
      provider: 'hrss-990000',
      number: 7,
      issuedAt: '2026-01-01T00:00:00.000Z',
      schemes: [scheme(), { ...template, provider: 'hrss-990000' }],
    });
    expect(bundle([scheme(), template], 7)).toEqual(bundle([template, scheme()], 7));
  });

  test('keeps nothing of the source that could change afterwards', () => {
    const source = scheme();
    const made = bundle([source]);
    source.grants[0]!.regions.push('990200');
    expect(made.schemes[0]!.grants[0]!.regions).toEqual(['990100']);
  });

  test.each([0, -1, 1.5, MOST_NUMBER + 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1])(
    'is not numbered %d',
    (number) => {
      expect(() => bundle([scheme()], number)).toThrow('bundle-invalid');
    },
  );

  test('says whose it is and with which number, when it cannot be made', () => {
    expect(() => bundle([scheme()], MOST_NUMBER + 1)).toThrow(
      `bundle ${MOST_NUMBER + 1} of hrss-990000: /number 数值过大`,
    );
  });

  test('becomes no table with contracts that it does not fit', () => {
    expect(() => buildTable(bundle(), new Map())).toThrow('bundle-invalid');
  });
});
