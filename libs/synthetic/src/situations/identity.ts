import { type IdKind } from '../facts.js';
import { latinName, wrongCheck } from '../identity.js';
import { type Situation } from './situation.js';

const isForeign = (idKind: IdKind) => idKind === 'passport' || idKind === 'permanent-residence';

/** R01: the number itself is in doubt; R35: the number is a foreigner's. */
export const identitySituations: readonly Situation[] = [
  {
    name: 'wrong-check-digit-in-housing',
    rules: ['R01'],
    permille: 5,
    plant(facts) {
      facts.housingId = wrongCheck(facts.idNumber);
    },
  },
  {
    name: 'other-name-in-housing',
    rules: ['R01'],
    permille: 5,
    plant(facts) {
      facts.housingName = `${facts.name}样`;
    },
  },
  {
    name: 'two-names-in-hrss',
    rules: ['R01'],
    permille: 5,
    plant(facts) {
      facts.secondName = `${facts.name}试`;
    },
  },
  ...(['hk-macau-permit', 'taiwan-permit', 'passport', 'permanent-residence'] as const).map(
    (idKind): Situation => ({
      name: `foreigner-${idKind}`,
      rules: ['R35'],
      permille: 3,
      idKind,
      plant(facts, { draw }) {
        if (isForeign(idKind)) facts.name = latinName(draw);
        facts.insurances = [];
        if (idKind !== 'permanent-residence') facts.funds = []; // a fund is optional: some have one
        delete facts.file;
      },
    }),
  ),
];
