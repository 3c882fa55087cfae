import { CONTRIBUTION_MONTHS } from '../base.js';
import { type DayNumber, monthOf, type MonthNumber, months } from '../calendar.js';
import { type Facts } from '../facts.js';
import { neighbour, Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R17: the kinds of the regulation and the newer ones of 退役军人保障法 21–23. */
const VETERANS = [
  { name: 'veteran-pays-alone', kind: 'own-choice', permille: 5 },
  { name: 'veteran-on-monthly-pay', kind: 'monthly-pay', permille: 2 },
  { name: 'veteran-demobilised', kind: 'demobilised', permille: 2 },
  { name: 'veteran-with-own-business', kind: 'own-business', permille: 2 },
] as const;

/**
 * R14–R18: the circumstances of 建办市函〔2019〕92号 in which another payer is no licence lending. R19 has no data of its own.
 */
export const exemptSituations: readonly Situation[] = [
  {
    name: 'retired-and-rehired',
    rules: ['R14'],
    permille: 12,
    born: 'pension-age',
    plant: (facts, { today }) => retire(facts, today - 700),
  },
  {
    name: 'retired-early',
    rules: ['R14'],
    permille: 4,
    born: 'before-pension-age',
    plant: (facts, { today }) => retire(facts, today - 200),
  },
  {
    name: 'draws-pension-since-unknown-day',
    rules: ['R14'],
    permille: 4,
    born: 'pension-age',
    plant(facts, { lastPaid }) {
      facts.pensioner = true;
      stopPaying(facts, lastPaid - 24);
    },
  },
  {
    name: 'of-pension-age-without-pension',
    rules: ['R14'],
    permille: 4,
    born: 'pension-age',
    plant: (facts, { lastPaid }) => stopPaying(facts, lastPaid - 24),
  },
  {
    name: 'listed-by-the-ministry-yet-exempt',
    rules: ['R14', 'R36'],
    permille: 3,
    born: 'pension-age',
    plant(facts, { today }) {
      retire(facts, today - 700);
      facts.listed = true;
    },
  },
  {
    name: 'institution-pays-its-firm',
    rules: ['R15'],
    permille: 6,
    registeredAt: Place.institutionFirm,
    plant(facts, stage) {
      for (const { unit } of facts.registrations) {
        insureElsewhere(facts, stage, neighbour(unit, Place.institution)).kind = '120';
      }
    },
  },
  {
    name: 'university-pays-its-firm',
    rules: ['R16'],
    permille: 5,
    registeredAt: Place.universityFirm,
    plant(facts, stage) {
      for (const { unit } of facts.registrations) {
        insureElsewhere(facts, stage, neighbour(unit, Place.university)).kind = '120';
      }
    },
  },
  ...VETERANS.map(({ name, kind, permille }): Situation => ({
    ...{ name, rules: ['R17'], permille },
    plant(facts, stage) {
      facts.veteran = kind;
      insureElsewhere(facts, stage, undefined);
    },
  })),
  {
    name: 'bought-out',
    rules: ['R18'],
    permille: 5,
    plant(facts, stage) {
      insureElsewhere(facts, stage, undefined).arrears = true;
    },
  },
];

/** With a pension from that day on; the registration and the labour filing (返聘) go on. */
function retire(facts: Facts, day: DayNumber): void {
  facts.retired = day;
  facts.pensioner = true;
  stopPaying(facts, monthOf(day) - 1);
}

function stopPaying(facts: Facts, last: MonthNumber): void {
  for (const insurance of facts.insurances) {
    insurance.state = 'ended';
    insurance.months = months(last - CONTRIBUTION_MONTHS + 1, last);
  }
  facts.funds = facts.funds.map((fund) => ({ ...fund, status: 'closed', months: [] }));
}
