export const ADDRESS_LEVELS = ['city', 'district', 'street'] as const;
export type AddressLevel = (typeof ADDRESS_LEVELS)[number];

/** Chinese characters of a region's name: none that ends a region, and none that belongs to a road or a village. */
const name = (longest: number, shortest = 1) =>
  `(?:(?![省市县区旗路街巷弄村])\\p{Script=Han}){${shortest},${longest}}?`;
/** As `name`, without the characters that end a town. */
const districtName = (longest: number) => `(?:(?![省市县区旗镇乡路街巷弄村])\\p{Script=Han}){1,${longest}}?`;

const PROVINCE = `(?:${name(5)}(?:省(?![道级直])|自治区|特别行政区))`;
const CITY = [
  `${name(4)}市(?![政场民郊长])`,
  `${name(9, 2)}自治州`,
  '(?:阿克苏|喀什|和田|塔城|阿勒泰|大兴安岭|阿里)地区',
  '(?:锡林郭勒|兴安|阿拉善)盟',
].join('|');
/** 小区, 社区, 厂区, 宿舍区 … are where somebody lives, not a district. */
const NOT_A_DISTRICT = '(?<!小|社|园|校|厂|景|院|库|营|宿舍|生活|住宅|家属|别墅|工业|安置|商务)';
const DISTRICT = [
  `${districtName(6)}${NOT_A_DISTRICT}区`,
  `${districtName(14)}县`,
  `${districtName(8)}旗`,
  `${districtName(4)}市(?![政场民郊长])`,
].join('|');
const STREET = `${name(8)}(?:街道|苏木|[镇乡](?![路街巷]))`;

const PATTERNS: Readonly<Record<AddressLevel, RegExp>> = {
  city: new RegExp(`^${PROVINCE}?(?:${CITY})?`, 'u'),
  district: new RegExp(`^${PROVINCE}?(?:${CITY})?(?:${DISTRICT})?`, 'u'),
  street: new RegExp(`^${PROVINCE}?(?:${CITY})?(?:${DISTRICT})?(?:${STREET})?`, 'u'),
};

/** The part of an address or a unit's name that names regions down to `level`, or to a coarser one; '' when none does. */
export function administrativePrefix(text: string, level: AddressLevel): string {
  return PATTERNS[level].exec(text)?.[0] ?? '';
}
