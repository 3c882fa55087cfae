/** Province-level codes of GB/T 2260; 81–83 also stand in residence permits of Hong Kong, Macau and Taiwan people. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);

/** First two digits of every made-up region: no province has them (domain catalogue §3.4). */
export const SYNTHETIC_PROVINCE = '99';

export type RegionLevel = 'province' | 'city' | 'county';

/** Whether two digits are a province of GB/T 2260 (the synthetic one is not). */
export function isProvince(digits: string): boolean {
  return PROVINCES.has(digits);
}

/**
 * Whether a text has the shape of a GB/T 2260 code: six digits, a known (or the synthetic) province, and no county
 * without its city. Codes die on reorganisation and stay valid in old records, so no list below provinces is consulted.
 */
export function isRegionCode(code: string): boolean {
  if (!/^\d{6}$/.test(code)) return false;
  const province = code.slice(0, 2);
  if (!isProvince(province) && province !== SYNTHETIC_PROVINCE) return false;
  return code.slice(2, 4) !== '00' || code.slice(4) === '00';
}

/** `140000` is a province, `140100` a city, `140105` a county; undefined for anything that is no region code. */
export function regionLevel(code: string): RegionLevel | undefined {
  if (!isRegionCode(code)) return undefined;
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'city' : 'county';
}

/** The region one level up; undefined for a province and for anything that is no region code. */
export function parentRegion(code: string): string | undefined {
  switch (regionLevel(code)) {
    case 'county':
      return `${code.slice(0, 4)}00`;
    case 'city':
      return `${code.slice(0, 2)}0000`;
    default:
      return undefined;
  }
}

/**
 * Whether `region` is `scope` or lies below it: `990000` covers `990100` and `990101`. What is no region code covers
 * nothing and is covered by nothing.
 */
export function covers(scope: string, region: string): boolean {
  if (!isRegionCode(region)) return false;
  switch (regionLevel(scope)) {
    case 'province':
      return region.startsWith(scope.slice(0, 2));
    case 'city':
      return region.startsWith(scope.slice(0, 4));
    case 'county':
      return region === scope;
    default:
      return false;
  }
}
