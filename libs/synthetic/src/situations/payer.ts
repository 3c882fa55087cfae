import { deposited, type Stage } from '../base.js';
import { months } from '../calendar.js';
import { neighbour, Place, type Unit } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Facts } from '../facts.js';
import { type Situation } from './situation.js';

/** R21: the registered unit's kin, by the places of both. None of them is the same legal person. */
const KIN = [
  { name: 'paid-by-parent', registeredAt: Place.subsidiary, payer: Place.parent, permille: 8 },
  { name: 'paid-by-subsidiary', registeredAt: Place.parent, payer: Place.subsidiary, permille: 3 },
  { name: 'paid-by-fellow-subsidiary', registeredAt: Place.subsidiary, payer: Place.fellow, permille: 3 },
  { name: 'paid-by-affiliate', registeredAt: Place.affiliate, payer: Place.parent, permille: 3 },
];

/** R20–R25, R31, R32: somebody else pays, and who that is decides. */
export const payerSituations: readonly Situation[] = [
  {
    name: 'paid-by-organ',
    rules: ['R20'],
    permille: 8,
    plant(facts, stage) {
      moveTo(facts, stage, stage.at(Place.organ)).kind = '120';
    },
  },
  {
    name: 'paid-by-institution',
    rules: ['R20'],
    permille: 5,
    plant(facts, stage) {
      moveTo(facts, stage, stage.at(Place.institution)).kind = '120';
    },
  },
  ...KIN.map(({ name, registeredAt, payer, permille }): Situation => ({
    ...{ name, rules: ['R21'], permille, registeredAt },
    plant(facts, stage) {
      for (const { unit } of facts.registrations) insureElsewhere(facts, stage, neighbour(unit, payer));
    },
  })),
  {
    name: 'paid-by-dispatch-unit',
    rules: ['R22'],
    permille: 8,
    plant(facts, stage) {
      const dispatch = stage.at(Place.dispatch);
      moveTo(facts, stage, dispatch);
      facts.labour = [{ unit: dispatch, since: stage.today - 500, dispatched: true }];
    },
  },
  {
    name: 'paid-by-agency',
    rules: ['R23'],
    permille: 10,
    plant(facts, stage) {
      moveTo(facts, stage, stage.at(Place.agency));
      facts.labour = [];
    },
  },
  {
    name: 'paid-by-talent-centre',
    rules: ['R20', 'R23'], // a public institution itself
    permille: 4,
    plant(facts, stage) {
      moveTo(facts, stage, stage.at(Place.talentCentre));
      facts.labour = [];
    },
  },
  {
    name: 'pays-alone',
    rules: ['R24'],
    permille: 10,
    plant(facts, stage) {
      insureElsewhere(facts, stage, undefined);
      facts.labour = [];
      facts.funds = [];
    },
  },
  {
    name: 'resident-pension-only',
    rules: ['R25'],
    permille: 6,
    plant(facts, stage) {
      insureElsewhere(facts, stage, undefined).kind = '170';
      facts.labour = [];
      facts.funds = [];
    },
  },
  {
    name: 'nowhere-insured',
    rules: ['R25'],
    permille: 10,
    plant(facts) {
      facts.insurances = [];
      facts.labour = [];
      facts.exams = [];
      facts.funds = [];
      delete facts.file;
    },
  },
  {
    name: 'paid-by-unrelated-unit',
    rules: ['R31'],
    permille: 25,
    plant(facts, stage) {
      insureElsewhere(facts, stage, stage.ordinary());
      facts.labour = [];
      facts.funds = [];
    },
  },
  {
    name: 'works-for-unrelated-unit',
    rules: ['R32'],
    permille: 20,
    plant(facts, stage) {
      const other = stage.ordinary();
      moveTo(facts, stage, other);
      facts.labour = [{ unit: other, since: stage.today - 600 }];
    },
  },
];

/** Insurance and deposits go to another unit. */
function moveTo(facts: Facts, stage: Stage, unit: Unit) {
  facts.funds = [deposited(unit, months(stage.lastPaid - 8, stage.lastPaid), stage)];
  return insureElsewhere(facts, stage, unit);
}
