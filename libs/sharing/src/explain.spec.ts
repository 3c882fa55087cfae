import { describe, expect, test } from '@jest/globals';
import { ask, grant, names, scheme, table, tableOf } from '../spec/sample.js';
import { explain, type GrantTable, type Question } from './index.js';

function explained(grants: GrantTable, change: Partial<Question> = {}) {
  const { claims: _claims, fields: _fields, ...asked } = ask();
  return explain(grants, { ...asked, field: 'payerName', ...change }, names);
}

describe('an explanation', () => {
  test('of a granted field says as what, on which basis, by which scheme and until when', () => {
    expect(explained(tableOf({}))).toEqual({
      allowed: true,
      as: '明文',
      basis: ['晋建审字〔2024〕179号 二(二)'],
      why: '共享方案 hrss-990000/housing-990100 第 1 版授权测试市住房和城乡建设局按目的 case-verification 查询 HR-SI-01@1（社保缴费记录查询） 的 payerName（缴费单位名称），有效至 2026-12-31',
    });
    expect(explained(tableOf({}), { field: 'idNumber' }).as).toBe('掩码（keep，first=1，last=1）');
  });

  test('takes claims as sent unless told otherwise', () => {
    const comparing = tableOf({ fields: { payerUscc: { release: 'match', claim: 'uscc' } } });
    expect(explained(comparing, { field: 'payerUscc' })).toMatchObject({
      allowed: true,
      as: '仅比对（一致、不一致、无记录）',
    });
    expect(explained(comparing, { field: 'payerUscc', claims: [] })).toEqual({
      allowed: false,
      basis: [],
      why: '缺少比对所需的值（/subjects）',
    });
  });

  test.each<[Partial<Question>, string]>([
    [{ requester: 'fund-990100', requesterClass: 'fund' }, '共享方案未授权此查询'],
    [{ field: 'personName' }, '共享方案未授权此字段（personName（姓名））'],
    [{ field: 'salary' }, '共享方案未授权此字段（salary）'],
    [{ region: '990200' }, '查询区划超出授权范围（/region）：授权区划为 990100'],
    [
      { purpose: { code: 'other', case: 'c' } },
      '共享方案未授权此查询目的（/purpose/code）：已授权的目的是 case-verification',
    ],
    [
      { purpose: { code: 'case-verification' } },
      '共享方案未授权此查询目的（/purpose）：目的 case-verification 已授权，须附专项或案件编号',
    ],
    [{ at: 0 }, '授权未生效或已到期：有效期为 2026-01-01 至 2026-12-31'],
  ])('of %j says why not', (change, why) => {
    expect(explained(tableOf({}), change)).toEqual({ allowed: false, basis: [], why });
  });

  test('of another campaign says that the purpose is granted, and for which', () => {
    const purposes = [{ code: 'licence-screening', campaigns: ['TC-2', 'TC-1'] }];
    const asked = { purpose: { code: 'licence-screening', campaign: 'TC-9' } };
    expect(explained(table(scheme({ grants: [grant({ purposes })] })), asked).why).toBe(
      '共享方案未授权此查询目的（/purpose/campaign）：目的 licence-screening 已授权，专项不在授权之列，已授权的专项是 TC-1、TC-2',
    );
  });

  test('of a suspended grant says since when and why', () => {
    const suspended = { since: '2026-02-01', reason: '核查中' };
    const grants = table(scheme({ grants: [grant({ suspended })] }));
    expect(explained(grants).why).toBe('授权已暂停：自 2026-02-01 起，核查中');
  });
});
