import { neighbour, Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R14–R18: the circumstances of 建办市函〔2019〕92号 in which another payer is no licence lending. R19 has no data of its own. */
export const exemptSituations: readonly Situation[] = [
  {
    name: 'retired-and-rehired',
    rules: ['R14'],
    permille: 12,
    retired: true,
    plant(facts, { today, lastPaid }) {
      facts.retired = today - 700;
      for (const insurance of facts.insurances) {
        insurance.state = 'ended';
        insurance.months = insurance.months
          .map((month) => month - 24)
          .filter((month) => month <= lastPaid - 24);
      }
      facts.funds = facts.funds.map((fund) => ({ ...fund, status: 'closed', months: [] }));
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
  {
    name: 'veteran-pays-alone',
    rules: ['R17'],
    permille: 5,
    plant(facts, stage) {
      facts.veteran = true;
      insureElsewhere(facts, stage, undefined);
    },
  },
  {
    name: 'bought-out',
    rules: ['R18'],
    permille: 5,
    plant(facts, stage) {
      insureElsewhere(facts, stage, undefined).arrears = true;
    },
  },
];
