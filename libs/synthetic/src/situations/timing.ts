import { insured } from '../base.js';
import { months } from '../calendar.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R26, R27, R30: the systems are not wrong, only not yet of one mind. */
export const timingSituations: readonly Situation[] = [
  {
    name: 'new-entrant',
    rules: ['R26'],
    permille: 10,
    plant(facts, stage) {
      const since = stage.today - 20;
      for (const registration of facts.registrations) {
        registration.since = since;
        registration.until = since + 1_096;
        insureElsewhere(facts, stage, registration.unit, { from: stage.thisMonth, to: stage.thisMonth });
        facts.labour = [{ unit: registration.unit, since }];
      }
      facts.funds = [];
    },
  },
  {
    name: 'changed-jobs',
    rules: ['R27'],
    permille: 10,
    plant(facts, stage) {
      const { lastPaid, today } = stage;
      const next = stage.ordinary();
      for (const insurance of facts.insurances) {
        insurance.state = 'paused';
        insurance.months = insurance.months.filter((month) => month <= lastPaid - 1);
      }
      facts.insurances.push(insured(next, [lastPaid], stage));
      facts.labour = facts.labour.map((filing) => ({ ...filing, until: today - 45 }));
      facts.labour.push({ unit: next, since: today - 44 });
    },
  },
  {
    name: 'two-payers',
    rules: ['R30'],
    permille: 10,
    plant(facts, stage) {
      facts.insurances.push(insured(stage.ordinary(), months(stage.lastPaid - 5, stage.lastPaid), stage));
    },
  },
  {
    name: 'two-payers-in-one-month',
    rules: ['R30'],
    permille: 5,
    plant(facts, stage) {
      facts.insurances.push(insured(stage.ordinary(), [stage.lastPaid], stage));
    },
  },
];
