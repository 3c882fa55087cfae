import { Place } from '../unit.js';
import { type Situation } from './situation.js';

/** R33, R34: sources that differ without meaning anything by themselves. */
export const hintSituations: readonly Situation[] = [
  {
    name: 'entered-exam-from-another-unit',
    rules: ['R07', 'R33'],
    permille: 20,
    plant(facts, stage) {
      facts.exams = [{ unit: stage.ordinary(), year: 2023 }];
    },
  },
  {
    name: 'file-at-talent-centre',
    rules: ['R07', 'R34'],
    permille: 60,
    plant(facts, stage) {
      facts.file = {
        holder: stage.at(Place.talentCentre).name,
        deposit: 'person',
        since: stage.today - 1_500,
      };
    },
  },
];
