import {
  type Agency,
  type AgencyClass,
  type Classification,
  type Contracts,
  type FieldRuleSource,
  type ReleaseMode,
  type SubjectKind,
} from '#contracts';

/** What codes are called where officials read them. */
export const OWNERS: Readonly<Record<AgencyClass, string>> = {
  housing: '住房和城乡建设部门',
  hrss: '人力资源和社会保障部门',
  fund: '住房公积金管理中心',
  data: '数据主管部门',
};

export const SUBJECTS: Readonly<Record<SubjectKind, string>> = {
  person: '自然人',
  unit: '单位',
};

export const CLASSES: Readonly<Record<Classification, { title: string; meaning: string }>> = {
  public: { title: '公开', meaning: '依法可以公开的信息。' },
  internal: { title: '内部', meaning: '不涉及个人、但只在部门之间使用的信息。' },
  personal: { title: '个人信息', meaning: '能够识别或关联到个人的信息。' },
  sensitive: { title: '敏感个人信息', meaning: '泄露后容易损害个人尊严、人身或财产安全的信息。' },
};

export const MODES: Readonly<Record<ReleaseMode, { title: string; meaning: string }>> = {
  plain: { title: '明文', meaning: '照原样放出。' },
  mask: { title: '掩码', meaning: '按规则隐去一部分。' },
  match: { title: '仅比对', meaning: '只答一致、不一致或无记录，不给出数据。' },
  band: { title: '分段', meaning: '只答数值落在哪一段。' },
  pseudonym: { title: '化名', meaning: '换成不可还原、不能跨部门关联的代号。' },
};

/** Rules of libs/masking, by name. */
const MASKS: Readonly<Record<string, string>> = {
  account: '账号',
  address: '地址',
  certificate: '证书编号',
  date: '日期',
  hide: '全部隐去',
  keep: '保留首尾',
  name: '姓名',
  phone: '电话',
  unit: '单位名称',
};

/** How a granted field leaves: `掩码（保留首尾，首 1 位、末 1 位）` */
export function ruleWords(rule: FieldRuleSource): string {
  const { title } = MODES[rule.release];
  switch (rule.release) {
    case 'mask':
      return `${title}（${[MASKS[rule.mask] ?? rule.mask, ...parameterWords(rule)].join('，')}）`;
    case 'match':
      return `${title}（与 ${rule.claim} 比）`;
    case 'band':
      return `${title}（界限 ${rule.bands.join('、')}）`;
    default:
      return title;
  }
}

function parameterWords({
  release: _release,
  mask: _mask,
  ...parameters
}: {
  release: 'mask';
  mask: string;
}): string[] {
  const said: Readonly<Record<string, string>> = { first: '首', last: '末' };
  const words = Object.entries(parameters).map(([name, value]) =>
    said[name] === undefined ? `${name} ${String(value)}` : `${said[name]} ${String(value)} 位`,
  );
  return words.length > 0 ? [words.join('、')] : [];
}

/** An agency's name; for a class, that it means each of them. */
export function partyWords({ agencies }: Contracts, id: string): string {
  return agencies.get(id)?.name ?? (id in OWNERS ? `各${OWNERS[id as AgencyClass]}` : id);
}

/** `990100 测试市` */
export function regionWords({ regions }: Contracts, code: string): string {
  const name = regions.get(code)?.name;
  return name === undefined ? code : `${code} ${name}`;
}

/** Agencies in the order in which they are read: by class, the higher region first. */
export function inReadingOrder(agencies: Iterable<Agency>): Agency[] {
  const ranks = Object.keys(OWNERS);
  return [...agencies].toSorted(
    (a, b) => ranks.indexOf(a.class) - ranks.indexOf(b.class) || a.region.localeCompare(b.region),
  );
}
