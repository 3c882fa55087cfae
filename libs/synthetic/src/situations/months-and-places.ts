import { deposited, insured } from '../base.js';
import { type MonthNumber, months } from '../calendar.js';
import { type Facts } from '../facts.js';
import { branchOf, otherCity, Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R28, R29: the registered unit has not paid for every month, or paid in another city. */
export const monthAndPlaceSituations: readonly Situation[] = [
  {
    name: 'gap-of-two-months',
    rules: ['R28'],
    permille: 10,
    plant: (facts, { lastPaid }) => leaveOut(facts, months(lastPaid - 5, lastPaid - 4)),
  },
  {
    name: 'gap-of-three-months',
    rules: ['R28'],
    permille: 5,
    plant: (facts, { lastPaid }) => leaveOut(facts, months(lastPaid - 6, lastPaid - 4)),
  },
  {
    name: 'paid-afterwards',
    rules: ['R28'],
    permille: 10,
    plant(facts, stage) {
      for (const { payer, months: due } of [...facts.insurances]) {
        const late = insured(payer, due.splice(6, 3), stage);
        facts.insurances.push({ ...late, state: 'paying', arrears: true });
      }
    },
  },
  {
    name: 'paid-in-another-city',
    rules: ['R29'],
    permille: 12,
    plant: moveAway,
  },
  {
    name: 'paid-in-another-city-by-branch',
    rules: ['R29'],
    permille: 4,
    plant(facts, stage) {
      for (const { unit } of facts.registrations) {
        const branch = branchOf(unit);
        insureElsewhere(facts, stage, branch);
        facts.funds = [deposited(branch, months(stage.lastPaid - 8, stage.lastPaid), stage)];
      }
      moveAway(facts);
    },
  },
  {
    name: 'paid-in-another-city-by-unknown-unit',
    rules: ['R29'],
    permille: 4,
    plant(facts, stage) {
      for (const { unit } of facts.registrations)
        insureElsewhere(facts, stage, stage.at(Place.outsider)).region = otherCity(unit.region);
      facts.labour = [];
      facts.funds = [];
    },
  },
];

function leaveOut(facts: Facts, unpaid: readonly MonthNumber[]): void {
  for (const insurance of facts.insurances)
    insurance.months = insurance.months.filter((month) => !unpaid.includes(month));
}

function moveAway(facts: Facts): void {
  for (const insurance of facts.insurances) {
    const city = otherCity(insurance.region);
    insurance.region = city;
    facts.funds = facts.funds.map((fund) => ({ ...fund, centre: city }));
  }
}
