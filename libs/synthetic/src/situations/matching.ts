import { deposited, insured } from '../base.js';
import { months } from '../calendar.js';
import { branchOf, formerName, neighbour, otherCity, Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R06–R13, R28, R29: payer and unit of registration are one, in one way or another. */
export const matchingSituations: readonly Situation[] = [
  { name: 'all-agree', rules: ['R07'], permille: 0, plant: () => undefined },
  {
    name: 'fund-data-too-old',
    rules: ['R06', 'R07'],
    permille: 6,
    plant(facts, { today }) {
      for (const fund of facts.funds) fund.updated = today - 420;
    },
  },
  {
    name: 'payer-without-credit-code',
    rules: ['R08'],
    permille: 8,
    registeredAt: Place.twoAccounts,
    plant(facts) {
      for (const insurance of facts.insurances) insurance.oldAccount = true;
    },
  },
  {
    name: 'paid-by-branch',
    rules: ['R09'],
    permille: 20,
    plant(facts, stage) {
      for (const registration of facts.registrations)
        insureElsewhere(facts, stage, branchOf(registration.unit));
    },
  },
  {
    name: 'unit-renamed',
    rules: ['R10'],
    permille: 8,
    registeredAt: Place.renamed,
    plant(facts) {
      for (const registration of facts.registrations) registration.unitName = formerName(registration.unit);
    },
  },
  {
    name: 'unit-absorbed',
    rules: ['R10'],
    permille: 8,
    registeredAt: Place.absorbed,
    plant(facts, stage) {
      for (const { unit } of facts.registrations) {
        const successor = neighbour(unit, Place.successor);
        insureElsewhere(facts, stage, successor);
        facts.funds = [deposited(successor, months(stage.lastPaid - 3, stage.lastPaid), stage)];
      }
    },
  },
  {
    name: 'works-elsewhere',
    rules: ['R11'],
    permille: 10,
    plant(facts, stage) {
      facts.labour = [{ unit: stage.ordinary(), since: stage.today - 400 }];
    },
  },
  {
    name: 'fund-paid-elsewhere',
    rules: ['R12'],
    permille: 10,
    plant(facts, stage) {
      facts.funds = [deposited(stage.ordinary(), months(stage.lastPaid - 8, stage.lastPaid), stage)];
    },
  },
  {
    name: 'fund-sealed',
    rules: ['R13', 'R07'],
    permille: 15,
    plant(facts, { lastPaid }) {
      for (const fund of facts.funds) {
        fund.status = 'sealed';
        fund.months = fund.months.filter((month) => month <= lastPaid - 4);
      }
    },
  },
  {
    name: 'no-fund',
    rules: ['R13', 'R07'],
    permille: 60,
    plant(facts) {
      facts.funds = [];
    },
  },
  {
    name: 'gap-of-two-months',
    rules: ['R28'],
    permille: 10,
    plant(facts, { lastPaid }) {
      for (const insurance of facts.insurances) {
        insurance.months = insurance.months.filter(
          (month) => month !== lastPaid - 5 && month !== lastPaid - 4,
        );
      }
    },
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
    plant(facts) {
      for (const insurance of facts.insurances) {
        const city = otherCity(insurance.region);
        insurance.region = city;
        facts.funds = facts.funds.map((fund) => ({ ...fund, centre: city }));
      }
    },
  },
];
