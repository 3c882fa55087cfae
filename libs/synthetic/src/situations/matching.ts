import { deposited } from '../base.js';
import { months } from '../calendar.js';
import { branchOf, Place } from '../unit.js';
import { changeSituations } from './changes.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R06–R09, R11–R13: payer and unit of registration are one, in one way or another. */
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
    name: 'payer-under-former-name',
    rules: ['R08'],
    permille: 4,
    registeredAt: Place.renamed,
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
    name: 'registered-at-branch',
    rules: ['R09'],
    permille: 5,
    plant(facts) {
      for (const registration of facts.registrations) registration.unit = branchOf(registration.unit);
    },
  },
  ...changeSituations,
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
    name: 'fund-paid-by-two-units',
    rules: ['R12'],
    permille: 4,
    plant(facts, stage) {
      facts.funds.push(deposited(stage.ordinary(), months(stage.lastPaid - 5, stage.lastPaid), stage));
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
];
