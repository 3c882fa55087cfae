import { deposited, type Stage } from '../base.js';
import { months } from '../calendar.js';
import { neighbour, Place, type Unit } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Facts } from '../facts.js';
import { type Situation } from './situation.js';

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
    name: 'paid-by-parent',
    rules: ['R21'],
    permille: 8,
    registeredAt: Place.subsidiary,
    plant(facts, stage) {
      for (const { unit } of facts.registrations)
        insureElsewhere(facts, stage, neighbour(unit, Place.parent));
    },
  },
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
