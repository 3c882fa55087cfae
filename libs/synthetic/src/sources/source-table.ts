import { type Facts } from '../facts.js';
import { type Unit } from '../unit.js';

export type Cell = string | number | null;
export type Row = readonly Cell[];

/** What of a province an agency's database holds. */
export interface Scope {
  /** The day on which the province is looked at, in days since 1970. */
  today: number;
  /** GB/T 2260 city of a provident-fund centre; absent for the province's own agencies. */
  centre?: string;
}

/** One table of an agency's database: which rows a unit and a person leave in it. */
export interface SourceTable {
  name: string;
  columns: readonly string[];
  unitRows?(unit: Unit, scope: Scope): Row[];
  personRows?(facts: Facts, scope: Scope): Row[];
}
