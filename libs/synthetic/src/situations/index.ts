import { exemptSituations } from './exempt.js';
import { hintSituations } from './hints.js';
import { identitySituations } from './identity.js';
import { matchingSituations } from './matching.js';
import { monthAndPlaceSituations } from './months-and-places.js';
import { payerSituations } from './payer.js';
import { registrationSituations } from './registration.js';
import { type Situation } from './situation.js';
import { timingSituations } from './timing.js';

export { type Situation } from './situation.js';

/** All that can be planted. What chance leaves over is `all-agree`. */
export const SITUATIONS: readonly Situation[] = [
  ...matchingSituations,
  ...monthAndPlaceSituations,
  ...identitySituations,
  ...registrationSituations,
  ...exemptSituations,
  ...payerSituations,
  ...timingSituations,
  ...hintSituations,
];

export function situationNamed(name: string): Situation {
  const found = SITUATIONS.find((situation) => situation.name === name);
  if (!found) throw new RangeError('no such situation');
  return found;
}

/** The situation that a number from 1 to 1000 falls on, by the situations' shares. */
export function situationAt(permille: number): Situation {
  let rest = permille;
  for (const situation of SITUATIONS) {
    if (rest <= situation.permille) return situation;
    rest -= situation.permille;
  }
  return situationNamed('all-agree');
}
