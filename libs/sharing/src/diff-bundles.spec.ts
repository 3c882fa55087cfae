import { describe, expect, test } from '@jest/globals';
import { bundle, contracts, grant, names, scheme } from '../spec/sample.js';
import { bundleChanges, diffBundles } from './index.js';
import { type Grant } from './model.js';

const known = { contracts, agencies: names };
const to = '测试市住房和城乡建设局';
const tail = '〔HR-SI-01@1，目的：case-verification〕';

const of = (...grants: Grant[]) => bundle([scheme({ grants })]);

/** What changes between the sample grant and it with a change. */
function changes(after: Partial<Grant>, before: Partial<Grant> = {}) {
  return bundleChanges(of(grant(before)), of(grant(after)), known).map(({ text, widens }) => [text, widens]);
}

describe('a difference of bundles', () => {
  test('is empty when nothing that counts differs', () => {
    expect(diffBundles(of(grant()), bundle([scheme({ version: 2 })], 9), known)).toEqual([]);
  });

  test('names a new field by name and title, who sees it, and as what', () => {
    const before = of(grant({ fields: { region: { release: 'plain' } } }));
    const after = of(grant({ fields: { ...grant().fields, region: { release: 'plain' } } }));
    expect(diffBundles(before, after, known)).toEqual([
      `新增可见：idNumber（证件号码）→ ${to}，掩码（keep，first=1，last=1）${tail}`,
      `新增可见：payerName（缴费单位名称）→ ${to}，明文${tail}`,
    ]);
  });

  test('tells a whole new grant, first bundle included, and one taken away', () => {
    const { fields } = grant({ fields: { payerName: { release: 'plain' } } });
    expect(diffBundles(undefined, of(grant({ fields })), known)).toEqual([
      `新增授权：HR-SI-01@1（社保缴费记录查询）→ ${to}${tail}`,
      `新增可见：payerName（缴费单位名称）→ ${to}，明文${tail}`,
    ]);
    expect(diffBundles(of(grant()), bundle([]), known)).toEqual([
      `取消授权：HR-SI-01@1（社保缴费记录查询）→ ${to}${tail}`,
    ]);
  });

  test('tells the same change under two purposes once', () => {
    const purposes = [{ code: 'case-verification' }, { code: 'fund-service' }];
    const rows = { max: 11, months: 24 };
    expect(diffBundles(of(grant({ purposes })), of(grant({ purposes, rows })), known)).toEqual([
      `每对象行数上限变更：→ ${to}，由 10 改为 11〔HR-SI-01@1，目的：case-verification、fund-service〕`,
    ]);
  });

  test.each<[string, Partial<Grant>, string, boolean, Partial<Grant>?]>([
    [
      'a field taken away',
      { fields: { payerName: { release: 'plain' } } },
      `不再可见：idNumber（证件号码）→ ${to}`,
      false,
    ],
    [
      'a wider mask',
      { fields: { ...grant().fields, idNumber: { release: 'mask', mask: 'keep', first: 6, last: 4 } } },
      `放出方式变更：idNumber（证件号码）→ ${to}，由掩码（keep，first=1，last=1）改为掩码（keep，first=6，last=4）`,
      true,
    ],
    [
      'a value no longer in plain',
      { fields: { ...grant().fields, payerName: { release: 'pseudonym' } } },
      `放出方式变更：payerName（缴费单位名称）→ ${to}，由明文改为化名（按请求方与目的分别计算）`,
      false,
    ],
    [
      'a region more',
      { regions: ['990100', '990200'] },
      `区划范围变更：→ ${to}，由 990100 改为 990100、990200`,
      true,
    ],
    ['a smaller region', { regions: ['990101'] }, `区划范围变更：→ ${to}，由 990100 改为 990101`, false],
    [
      'a longer validity',
      { validity: { from: '2026-01-01', to: '2027-12-31' } },
      `有效期变更：→ ${to}，由 2026-01-01 至 2026-12-31 改为 2026-01-01 至 2027-12-31`,
      true,
    ],
    ['a limit gone', { rows: { max: 10 } }, `月份跨度上限变更：→ ${to}，由 24 改为 不限`, true],
    [
      'a smaller quota',
      { quota: { perDay: 50, perSubjectPerDay: 5, burst: 50 } },
      `每日配额变更：→ ${to}，由 100 改为 50`,
      false,
    ],
    [
      'persons without records limited',
      { quota: { perDay: 100, perSubjectPerDay: 5, burst: 50, nonePerDay: 20 } },
      `每日查无记录人次上限变更：→ ${to}，由 不限 改为 20`,
      false,
    ],
    [
      'campaigns named',
      { purposes: [{ code: 'case-verification', campaigns: ['TC-1'] }] },
      `专项治理变更：→ ${to}，由 不限 改为 TC-1`,
      false,
    ],
    [
      'a suspension',
      { suspended: { since: '2026-03-01', reason: '核查中' } },
      `暂停授权：→ ${to}，核查中`,
      false,
    ],
    ['its end', {}, `恢复授权：→ ${to}`, true, { suspended: { since: '2026-03-01', reason: '核查中' } }],
  ])('tells %s, and whether it lets more out', (_name, after, text, widens, before = {}) => {
    expect(changes(after, before)).toEqual([[text, widens]]);
  });

  test('calls a class by its name and an unknown agency by its id', () => {
    const other = bundle([
      scheme({ scheme: 'a', requester: 'fund' }),
      scheme({ scheme: 'b', requester: 'fund-990300' }),
    ]);
    const who = diffBundles(other, bundle([]), known).map((line) => /→ (.*)〔/.exec(line)?.[1]);
    expect(who).toEqual(['各住房公积金管理中心', 'fund-990300']);
  });
});
