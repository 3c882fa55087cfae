import { deposited, insured, type Stage } from '../base.js';
import { months } from '../calendar.js';
import { type Facts, type Registration } from '../facts.js';
import { formerName, neighbour, Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

/** R10: the unit has changed, and the registration says so or not yet. More than 90 days after the change it ought to. */
export const changeSituations: readonly Situation[] = [
  {
    name: 'unit-renamed',
    rules: ['R10'],
    permille: 8,
    registeredAt: Place.renamed,
    plant: keepFormerName,
  },
  {
    name: 'unit-renamed-lately',
    rules: ['R10'],
    permille: 4,
    registeredAt: Place.renamedLately,
    plant: keepFormerName,
  },
  {
    name: 'unit-absorbed',
    rules: ['R10'],
    permille: 8,
    registeredAt: Place.absorbed,
    plant(facts, stage) {
      for (const registration of facts.registrations) {
        registerBeforeChange(registration, stage);
        const successor = neighbour(registration.unit, Place.successor);
        insureElsewhere(facts, stage, successor);
        facts.funds = [deposited(successor, months(stage.lastPaid - 3, stage.lastPaid), stage)];
      }
    },
  },
  {
    name: 'unit-absorbed-lately',
    rules: ['R10'],
    permille: 4,
    registeredAt: Place.absorbedLately,
    plant(facts, stage) {
      for (const insurance of facts.insurances) {
        insurance.state = 'paused';
        insurance.months = insurance.months.filter((month) => month < stage.lastPaid);
      }
      for (const { unit } of facts.registrations) {
        const successor = neighbour(unit, Place.successor);
        facts.insurances.push(insured(successor, [stage.lastPaid], stage));
        facts.funds = [deposited(successor, [stage.lastPaid], stage)];
      }
    },
  },
];

function keepFormerName(facts: Facts, stage: Stage): void {
  for (const registration of facts.registrations) {
    registerBeforeChange(registration, stage);
    registration.unitName = formerName(registration.unit);
  }
}

/** Nobody registers at a unit under a name that it has no longer; still in force, however short its term. */
function registerBeforeChange(registration: Registration, { today }: Stage): void {
  const earlier = registration.since - (today - 640);
  registration.since -= earlier;
  registration.until -= earlier;
}
