import { type Stage } from '../base.js';
import { type Facts, type IdKind } from '../facts.js';
import { type Born } from '../identity.js';

/** One case of the decision table (domain.md §2.2), planted by changing somebody whose data all agree. */
export interface Situation {
  /** Stable name, also in the ground truth. */
  name: string;
  /** Rules that the data then show. Empty: nothing to compare. */
  rules: readonly string[];
  /** How many of 1000 persons, when drawn by chance. */
  permille: number;
  /** Place of the unit of registration in its block; absent: an ordinary enterprise. */
  registeredAt?: number;
  /** Identity document; absent: citizen ID. */
  idKind?: Exclude<IdKind, 'citizen-id'>;
  /** Absent: of working age. */
  born?: Born;
  plant(facts: Facts, stage: Stage): void;
}
