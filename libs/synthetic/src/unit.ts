import { organisationCodeCheckDigit, usccCheckDigit } from '#identifiers';

/** Units come in blocks of this many; the place within its block says what a unit is (`Place`). */
export const BLOCK = 25;

/** Places in a block that a situation can count on. 1, 2 and 11–13 are enterprises that take no part of their own. */
export const Place = {
  /** Many of its registered persons are paid elsewhere (every tenth block). */
  crowded: 0,
  parent: 3,
  /** Of the parent, as `fellow` is. */
  subsidiary: 4,
  institutionFirm: 5,
  universityFirm: 6,
  /** Changed more than a year ago; `…Lately`: some weeks ago. */
  renamed: 7,
  absorbed: 8,
  successor: 9,
  /** Has a second, older social-insurance account without USCC and with its name written otherwise. */
  twoAccounts: 10,
  firstOrdinary: 11,
  lastOrdinary: 13,
  dispatch: 14,
  agency: 15,
  institution: 16,
  university: 17,
  organ: 18,
  talentCentre: 19,
  renamedLately: 20,
  absorbedLately: 21,
  fellow: 22,
  /** Tied to the parent otherwise than by ownership. */
  affiliate: 23,
  /** From outside: no credit code on file, and the housing department has never heard of it. */
  outsider: 24,
} as const;

export interface Unit {
  /** Position in the province; a branch has that of its unit. */
  id: number;
  branch: boolean;
  name: string;
  uscc: string;
  /** GB/T 2260 county. */
  region: string;
  place: number;
}

const COUNTIES = ['990101', '990102', '990201'];
const WORDS = ['演', '示', '样', '例', '模', '拟', '测', '试', '范', '本'];
const TRADES = [
  '建设工程',
  '工程监理',
  '造价咨询',
  '建筑工程',
  '市政工程',
  '建筑设计',
  '勘察设计',
  '安装工程',
];
const ODD_ENDINGS: Readonly<Record<number, string>> = {
  [Place.dispatch]: '劳务派遣有限公司',
  [Place.agency]: '人力资源服务有限公司',
  [Place.institution]: '规划设计院',
  [Place.university]: '工程大学',
  [Place.organ]: '住房保障中心',
  [Place.talentCentre]: '人才服务中心',
};
/** Institutions and organs are registered by 机构编制 (1), not by 市场监管 (9). */
const REGISTRARS: Readonly<Record<number, string>> = {
  [Place.institution]: '12',
  [Place.university]: '12',
  [Place.organ]: '11',
  [Place.talentCentre]: '12',
};

/** Names and codes of the catalogue's worked examples (domain.md §3.3), so that documents and data agree. */
const EXAMPLES: Readonly<Record<number, Partial<Unit>>> = {
  0: { name: '测试建设工程有限公司', uscc: '91990101MA00DEM14A' },
  1: { name: '样例监理有限公司', uscc: '91990102MA00DEM22K', region: '990102' },
  2: { name: '示例造价咨询有限公司', uscc: '91990101MA00DEM300' },
  16: { name: '测试规划设计院', uscc: '12990100400000018N' },
};

/** The unit at a position: depends on nothing but the position, so any province has the same first block. */
export function unitAt(id: number): Unit {
  const place = id % BLOCK;
  const region = COUNTIES[Math.floor(id / BLOCK) % COUNTIES.length] ?? '';
  const uscc = creditCode(REGISTRARS[place] ?? '91', region, `MA${String(id).padStart(6, '0')}`);
  return { id, branch: false, name: nameOf(id, place, region), uscc, region, place, ...EXAMPLES[id] };
}

/** A unit's branch (分公司): no legal person, but with a code, a payroll and accounts of its own; in the same city. */
export function branchOf(unit: Unit): Unit {
  const region = unit.region === '990101' ? '990102' : unit.region;
  const uscc = creditCode('91', region, `MB${String(unit.id).padStart(6, '0')}`);
  return { ...unit, branch: true, name: `${unit.name}第一分公司`, uscc, region };
}

/** The unit at another place of the same block. */
export function neighbour(unit: Unit, place: number): Unit {
  return unitAt(unit.id - unit.place + place);
}

/** A firm of the province: it is known to the housing department and has a branch. */
export function isEnterprise({ place }: Unit): boolean {
  return place <= Place.lastOrdinary || (place >= Place.renamedLately && place < Place.outsider);
}

/** What the unit was called, or how another system writes it. */
export function formerName(unit: Unit): string {
  return unit.name.replace('有限公司', '有限责任公司');
}

export function nameWrittenOtherwise(unit: Unit): string {
  return unit.name.replace('(集团)', '（集团） ');
}

/** GB/T 2260 city of the unit, where its provident-fund centre is. */
export function cityOf(region: string): string {
  return `${region.slice(0, 4)}00`;
}

export function otherCity(region: string): string {
  return cityOf(region) === '990100' ? '990200' : '990100';
}

function nameOf(id: number, place: number, region: string): string {
  const block = Math.floor(id / BLOCK);
  const word = `${WORDS[place % 10] ?? ''}${WORDS[block % 10] ?? ''}${block}`;
  const town = cityOf(region) === '990100' ? '测试市' : '样例市';
  const group = place === Place.twoAccounts ? '(集团)' : '';
  return `${town}${word}${ODD_ENDINGS[place] ?? `${TRADES[tradeOf(place)] ?? ''}${group}有限公司`}`;
}

/** Exempt kinds of firm (办市函〔2019〕92号): survey and design, supervision, cost consulting. */
function tradeOf(place: number): number {
  if (place === Place.institutionFirm) return 5;
  return place === Place.universityFirm ? 6 : place % TRADES.length;
}

function creditCode(kind: string, region: string, code: string): string {
  const body = `${kind}${region}${code}${organisationCodeCheckDigit(code)}`;
  return `${body}${usccCheckDigit(body)}`;
}
