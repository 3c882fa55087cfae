import { covers } from '#identifiers';
import { type GrantSource } from '../model.js';
import { type Change } from './finding.js';
import { tellsMore } from './rule-widening.js';

/** What leaves under `after` and did not under `before`: one function per part of a grant. */
export function grantWidenings(before: GrantSource, after: GrantSource): Change[] {
  return [
    ...fieldWidenings(before, after),
    ...purposeWidenings(before, after),
    ...regionWidenings(before, after),
    ...limitWidenings(before, after),
    ...validityWidenings(before, after),
    ...(before.suspended && !after.suspended ? [{ pointer: '/suspended', words: '恢复已暂停的授权' }] : []),
  ];
}

function fieldWidenings({ fields: before }: GrantSource, { fields: after }: GrantSource): Change[] {
  return Object.entries(after).flatMap(([name, rule]) => {
    const was = before[name];
    const pointer = `/fields/${name}`;
    if (!was) return [{ pointer, words: `新放出字段 ${name}（${rule.release}）` }];
    if (!tellsMore(was, rule)) return [];
    const how =
      was.release === rule.release
        ? `${rule.release} 的参数放宽或改变`
        : `${was.release} 改为 ${rule.release}`;
    return [{ pointer, words: `字段 ${name} 的释放方式放宽：${how}` }];
  });
}

function purposeWidenings(before: GrantSource, after: GrantSource): Change[] {
  return after.purposes.flatMap(({ code, campaigns }, index) => {
    const pointer = `/purposes/${index}`;
    const same = before.purposes.filter((purpose) => purpose.code === code);
    if (same.length === 0) return [{ pointer, words: `新增查询目的 ${code}` }];
    const allowed = same.flatMap((purpose) => purpose.campaigns ?? []);
    const added = (campaigns ?? []).filter((campaign) => !allowed.includes(campaign));
    const unbound = campaigns === undefined && allowed.length > 0;
    return [
      ...added.map((campaign) => ({
        pointer: `${pointer}/campaigns`,
        words: `目的 ${code} 新增专项行动 ${campaign}`,
      })),
      ...(unbound ? [{ pointer: `${pointer}/campaigns`, words: `目的 ${code} 不再限定专项行动` }] : []),
    ];
  });
}

function regionWidenings(before: GrantSource, after: GrantSource): Change[] {
  return after.regions.flatMap((region, index) => {
    const covered = before.regions.some((scope) => covers(scope, region));
    return covered ? [] : [{ pointer: `/regions/${index}`, words: `区划扩大到 ${region}` }];
  });
}

function limitWidenings(before: GrantSource, after: GrantSource): Change[] {
  const limits = [
    ['/rows/max', '每个对象的行数', before.rows.max, after.rows.max],
    ['/rows/months', '可查月数', before.rows.months, after.rows.months],
    ['/quota/perDay', '每日配额', before.quota.perDay, after.quota.perDay],
    [
      '/quota/perSubjectPerDay',
      '同一对象每日次数',
      before.quota.perSubjectPerDay,
      after.quota.perSubjectPerDay,
    ],
    ['/quota/burst', '瞬时配额', before.quota.burst, after.quota.burst],
    ['/quota/nonePerDay', '每日查无记录人次上限', before.quota.nonePerDay, after.quota.nonePerDay],
  ] as const;
  return limits.flatMap(([pointer, what, was = Infinity, is = Infinity]) =>
    is > was ? [{ pointer, words: `${what}由 ${was} 提高为 ${Number.isFinite(is) ? is : '不限'}` }] : [],
  );
}

function validityWidenings({ validity: before }: GrantSource, { validity: after }: GrantSource): Change[] {
  const earlier = Date.parse(after.from) < Date.parse(before.from);
  const later = Date.parse(after.to) > Date.parse(before.to);
  return [
    ...(earlier ? [{ pointer: '/validity/from', words: `有效期提前到 ${after.from}` }] : []),
    ...(later ? [{ pointer: '/validity/to', words: `有效期延长到 ${after.to}` }] : []),
  ];
}
