import { citizenIdCheckDigit } from '#identifiers';
import { dateText, type DayNumber, dayOf } from './calendar.js';
import { type Draw } from './draw.js';

/** Who is born early or late enough for something. */
export type Born = 'working-age' | 'pension-age' | 'before-pension-age';

const COUNTIES = ['990101', '990101', '990102', '990201'];
/** Nobody else is born in these: those born shortly before the age of a pension have the same days as the others. */
const EARLY_COUNTIES = ['990103', '990104', '990105', '990106', '990107', '990108', '990109', '990110'];
const FIRST_EARLY_BIRTH = dayOf('1967-07-01');
const EARLY_DAYS = 1_800;
/** Eight numbers a day in each round, of the odd ones (men's) that a day has. */
const EARLY_ROUNDS = 62;
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

/** The 18-digit number of the person at an index; no two indexes below 6.4 million share one. */
export function citizenId(seed: number, index: number, draw: Draw, born: Born): string {
  if (born === 'before-pension-age') return earlyCitizenId(seed, index);
  const pension = born === 'pension-age';
  const [birth, sequence] = pension ? retiredBirth(seed, index) : workingBirth(seed, index, draw);
  const county = SAMPLE_BIRTHS.has(compact(birth)) ? '990202' : draw.pick(COUNTIES);
  return withCheck(`${county}${compact(birth)}${three(sequence)}`);
}

/** A man between 54 and 59 in 2026: too young for a pension, unless he is entitled to it early. */
function earlyCitizenId(seed: number, index: number): string {
  const [day, round] = dayAndRound(seed, index);
  const county = EARLY_COUNTIES[Math.floor(round / EARLY_ROUNDS)] ?? '';
  const sequence = 1 + 16 * (round % EARLY_ROUNDS) + 2 * Math.floor(day / EARLY_DAYS);
  return withCheck(`${county}${compact(FIRST_EARLY_BIRTH + (day % EARLY_DAYS))}${three(sequence)}`);
}

/** A foreigner's permanent residence number of 2023: place 00 and nationality 999, which nobody has (domain.md §3.2). */
export function permanentResidence(seed: number, index: number, draw: Draw): string {
  const [birth, sequence] = workingBirth(seed, index, draw);
  return withCheck(`900999${compact(birth)}${three(sequence)}`);
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
  const [day, round] = dayAndRound(seed, index);
  return [FIRST_BIRTH + day, 2 + 2 * round + draw.int(0, 1)];
}

/**
 * Fewer days to be born on, so more sequence numbers a day; when a day has no more of them (index 1.6 million), those who
 * follow were born 1,800 days earlier: still one (day, sequence) per index.
 */
function retiredBirth(seed: number, index: number): [day: number, sequence: number] {
  const [day, round] = dayAndRound(seed, index);
  const earlier = Math.floor(round / RETIRED_ROUNDS) * RETIRED_DAYS;
  const birth = FIRST_RETIRED_BIRTH - earlier + (day % RETIRED_DAYS);
  return [birth, 2 + 8 * (round % RETIRED_ROUNDS) + Math.floor(day / RETIRED_DAYS)];
}

function dayAndRound(seed: number, index: number): [day: number, round: number] {
  return [(seed + index * STEP) % BIRTH_DAYS, Math.floor(index / BIRTH_DAYS)];
}

function compact(day: DayNumber): string {
  return dateText(day).replaceAll('-', '');
}

function three(sequence: number): string {
  return String(sequence).padStart(3, '0');
}
