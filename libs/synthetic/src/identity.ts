import { citizenIdCheckDigit } from '#identifiers';
import { dateText, dayOf } from './calendar.js';
import { type Draw } from './draw.js';

const COUNTIES = ['990101', '990101', '990102', '990201'];
/** Prime: with a step it does not divide, every day of the range comes once before any comes twice. */
const BIRTH_DAYS = 13_007;
const STEP = 7_919;
const FIRST_BIRTH = dayOf('1966-01-01');
const FIRST_RETIRED_BIRTH = dayOf('1953-01-01');
const RETIRED_DAYS = 1_800;
/** Eight numbers a day in each round, of the 999 that a day has. */
const RETIRED_ROUNDS = 124;
/** Birth dates of the sample persons: nobody else of their counties is born on them. */
export const SAMPLE_BIRTHS = new Set([
  ...['19850312', '19901125', '19650115', '19760229', '19880808'],
  ...['19790615', '19830421', '19920918', '19710203'],
]);

const SURNAMES = [
  ...['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈', '褚', '卫', '蒋', '沈', '韩', '杨'],
  ...['朱', '秦', '尤', '许', '何', '吕', '施', '张', '欧阳', '司马', '上官', '诸葛', '𠮷'],
];
const GIVEN = [...'测试样例示范演练模拟甲乙丙丁子丑寅卯辰巳'];
const LATIN = ['Sample', 'Tester', 'Example', 'Specimen', 'Demo'];

/**
 * The 18-digit number of the person at an index; no two indexes below 6.4 million share one.
 * @param retired born early enough to draw a pension
 */
export function citizenId(seed: number, index: number, draw: Draw, retired: boolean): string {
  const [birth, sequence] = retired ? retiredBirth(seed, index) : workingBirth(seed, index, draw);
  const date = dateText(birth).replaceAll('-', '');
  const county = SAMPLE_BIRTHS.has(date) ? '990202' : draw.pick(COUNTIES);
  return withCheck(`${county}${date}${String(sequence).padStart(3, '0')}`);
}

export function withCheck(body: string): string {
  return `${body}${citizenIdCheckDigit(body)}`;
}

/** The number as it was before 1999: no century, no check. */
export function fifteenDigits(idNumber: string): string {
  return `${idNumber.slice(0, 6)}${idNumber.slice(8, 17)}`;
}

export function wrongCheck(idNumber: string): string {
  return `${idNumber.slice(0, 17)}${idNumber.endsWith('0') ? '1' : '0'}`;
}

export function chineseName(draw: Draw): string {
  const given = draw.pick(GIVEN) + (draw.chance(700) ? draw.pick(GIVEN) : '');
  return draw.pick(SURNAMES) + given;
}

export function latinName(draw: Draw): string {
  return `${draw.pick(LATIN).toUpperCase()} ${draw.pick(LATIN)}`;
}

/** Prefix 10x belongs to no mobile network. */
export function phone(index: number): string {
  return `100${String(index % 100_000_000).padStart(8, '0')}`;
}

function workingBirth(seed: number, index: number, draw: Draw): [day: number, sequence: number] {
  const day = (seed + index * STEP) % BIRTH_DAYS;
  const round = Math.floor(index / BIRTH_DAYS);
  return [FIRST_BIRTH + day, 2 + 2 * round + draw.int(0, 1)];
}

/**
 * Fewer days to be born on, so more sequence numbers a day; when a day has no more of them (index 1.6 million), those who
 * follow were born 1,800 days earlier: still one (day, sequence) per index.
 */
function retiredBirth(seed: number, index: number): [day: number, sequence: number] {
  const day = (seed + index * STEP) % BIRTH_DAYS;
  const round = Math.floor(index / BIRTH_DAYS);
  const earlier = Math.floor(round / RETIRED_ROUNDS) * RETIRED_DAYS;
  const birth = FIRST_RETIRED_BIRTH - earlier + (day % RETIRED_DAYS);
  return [birth, 2 + 8 * (round % RETIRED_ROUNDS) + Math.floor(day / RETIRED_DAYS)];
}
