import { describe, expect, test } from '@jest/globals';
import {
  type Edit,
  found,
  onGrant,
  onScheme,
  released,
  undeclared,
  wordsOf,
} from '../testing/edited-snapshot.js';
import { type FieldRuleSource, type GrantSource } from '../model.js';
import { compareReleases } from './gate.js';

const rule =
  (name: string, value: FieldRuleSource): Edit<GrantSource> =>
  (g) =>
    (g.fields[name] = value);
const id = (first: number, last: number): FieldRuleSource => ({ release: 'mask', mask: 'keep', first, last });

const WIDENINGS: [string, Edit<GrantSource>, string][] = [
  [
    'a field is new',
    rule('contributionBase', { release: 'band', bands: [5000] }),
    'PF-01@1 新放出字段 contributionBase（band）',
  ],
  [
    'a mask becomes plain',
    rule('personName', { release: 'plain' }),
    'PF-01@1 字段 personName 的释放方式放宽：mask 改为 plain',
  ],
  [
    'a mask shows one more at the end',
    rule('idNumber', id(1, 2)),
    'PF-01@1 字段 idNumber 的释放方式放宽：mask 的参数放宽或改变',
  ],
  [
    'a mask shows more here and less there',
    rule('idNumber', id(0, 2)),
    'PF-01@1 字段 idNumber 的释放方式放宽：mask 的参数放宽或改变',
  ],
  [
    'a mask is another one',
    rule('idNumber', { release: 'mask', mask: 'phone' }),
    'PF-01@1 字段 idNumber 的释放方式放宽：mask 的参数放宽或改变',
  ],
  [
    'a mask has a parameter nobody knows here',
    rule('idNumber', { ...id(1, 1), show: 'birth' } as FieldRuleSource),
    'PF-01@1 字段 idNumber 的释放方式放宽：mask 的参数放宽或改变',
  ],
  [
    'a band becomes plain',
    rule('monthsPaid', { release: 'plain' }),
    'PF-01@1 字段 monthsPaid 的释放方式放宽：band 改为 plain',
  ],
  [
    'bands are finer',
    rule('monthsPaid', { release: 'band', bands: [1, 3, 6, 12] }),
    'PF-01@1 字段 monthsPaid 的释放方式放宽：band 的参数放宽或改变',
  ],
  [
    'bands are moved',
    rule('monthsPaid', { release: 'band', bands: [2, 6, 12] }),
    'PF-01@1 字段 monthsPaid 的释放方式放宽：band 的参数放宽或改变',
  ],
  [
    'a band becomes a mask, which is not comparable',
    rule('monthsPaid', { release: 'mask', mask: 'keep' }),
    'PF-01@1 字段 monthsPaid 的释放方式放宽：band 改为 mask',
  ],
  ['a purpose is new', (g) => g.purposes.push({ code: 'fund-service' }), 'PF-01@1 新增查询目的 fund-service'],
  [
    'a campaign is new',
    (g) => found(g.purposes[0]).campaigns?.push('TC-2026-02'),
    'PF-01@1 目的 licence-screening 新增专项行动 TC-2026-02',
  ],
  [
    'a purpose is no longer bound to campaigns',
    (g) => delete found(g.purposes[0]).campaigns,
    'PF-01@1 目的 licence-screening 不再限定专项行动',
  ],
  ['another region is in', (g) => g.regions.push('990200'), 'PF-01@1 区划扩大到 990200'],
  ['the city becomes the province', (g) => (g.regions = ['990000']), 'PF-01@1 区划扩大到 990000'],
  ['more rows leave', (g) => (g.rows.max = 21), 'PF-01@1 每个对象的行数由 20 提高为 21'],
  ['more months leave', (g) => (g.rows.months = 25), 'PF-01@1 可查月数由 24 提高为 25'],
  ['months are no longer limited', (g) => delete g.rows.months, 'PF-01@1 可查月数由 24 提高为 不限'],
  [
    'it begins earlier',
    (g) => (g.validity.from = '2025-12-31T00:00:00+08:00'),
    'PF-01@1 有效期提前到 2025-12-31T00:00:00+08:00',
  ],
  [
    'it ends later',
    (g) => (g.validity.to = '2028-01-01T00:00:00+07:00'),
    'PF-01@1 有效期延长到 2028-01-01T00:00:00+07:00',
  ],
  ['more may be asked a day', (g) => (g.quota.perDay = 20001), 'PF-01@1 每日配额由 20000 提高为 20001'],
  [
    'one person may be asked about more often',
    (g) => (g.quota.perSubjectPerDay = 51),
    'PF-01@1 同一对象每日次数由 50 提高为 51',
  ],
  ['bursts are larger', (g) => (g.quota.burst = 2001), 'PF-01@1 瞬时配额由 2000 提高为 2001'],
];

describe('more leaves, and the gate stays shut until the scheme’s version rises, when', () => {
  test.each(WIDENINGS)('%s', (_name, edit, expected) => {
    expect(wordsOf(undeclared(onGrant(edit)))).toEqual([expected]);
    const declared = onScheme((scheme) => {
      edit(found(scheme.grants[0]));
      scheme.version = 2;
    });
    expect(undeclared(declared)).toEqual([]);
    expect(wordsOf(compareReleases(released, declared))).toEqual([expected]);
  });
});

describe('no more leaves when', () => {
  test.each<[string, Edit<GrantSource>]>([
    ['a field is no longer granted', (g) => delete g.fields['unitName']],
    ['plain becomes a mask', rule('unitName', { release: 'mask', mask: 'name' })],
    ['plain becomes a match', rule('unitName', { release: 'match', claim: 'unitName' })],
    ['a mask becomes a pseudonym', rule('personName', { release: 'pseudonym' })],
    ['a mask shows less', rule('idNumber', id(1, 0))],
    ['bands are wider', rule('monthsPaid', { release: 'band', bands: [6] })],
    ['a purpose is gone', (g) => g.purposes.pop()],
    ['the city becomes a district', (g) => (g.regions = ['990101'])],
    ['a district is named beside its city', (g) => g.regions.push('990102')],
    ['fewer rows and months leave', (g) => (g.rows = { max: 1, months: 12 })],
    ['it ends sooner', (g) => (g.validity.to = '2027-01-01T00:00:00+08:00')],
    ['the same instant is written in another zone', (g) => (g.validity.to = '2027-12-31T16:00:00Z')],
    ['quotas are lower', (g) => (g.quota = { perDay: 1, perSubjectPerDay: 1, burst: 1 })],
    ['persons without records are limited', (g) => (g.quota.nonePerDay = 100)],
    ['it is suspended', (g) => (g.suspended = { since: '2026-05-01T00:00:00+08:00', reason: '核查' })],
    ['its legal basis changes', (g) => (g.legalBasis = [{ document: '新', section: '一' }])],
  ])('%s', (_name, edit) => expect(compareReleases(released, onGrant(edit))).toEqual([]));
});
