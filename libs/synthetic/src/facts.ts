import { type DayNumber, type MonthNumber } from './calendar.js';
import { type Unit } from './unit.js';

export type IdKind = 'citizen-id' | 'permanent-residence' | 'hk-macau-permit' | 'taiwan-permit' | 'passport';

/** How somebody left the army: with a post to find for themselves (自主择业), or in one of the ways that came later. */
export type Veteran = 'own-choice' | 'monthly-pay' | 'demobilised' | 'own-business';

/** Registered-professional categories (domain.md §3.5). */
export type Category = 'CB1' | 'CB2' | 'CE1' | 'SE' | 'AR1' | 'S';

export interface Registration {
  category: Category;
  unit: Unit;
  /** As the housing system still writes it, when that differs. */
  unitName?: string;
  since: DayNumber;
  until: DayNumber;
  state: 'in-force' | 'cancelled' | 'lapsed' | 'revoked';
}

/** One social-insurance relation with the months due under it. */
export interface Insurance {
  /** Absent: the person pays alone (灵活就业). */
  payer?: Unit;
  /** Under the unit's older account. */
  oldAccount?: boolean;
  kind: '110' | '120' | '170';
  state: 'paying' | 'paused' | 'ended';
  months: MonthNumber[];
  /** Months up to this one have arrived in full. */
  arrivedUntil: MonthNumber;
  /** Paid afterwards, or at once for years. */
  arrears?: boolean;
  region: string;
}

export interface LabourFiling {
  unit: Unit;
  since: DayNumber;
  until?: DayNumber;
  dispatched?: boolean;
}

export interface ExamEntry {
  unit: Unit;
  year: number;
}

export interface PersonnelFile {
  holder: string;
  deposit: 'unit' | 'person';
  since: DayNumber;
}

export interface FundAccount {
  /** GB/T 2260 city of the centre. */
  centre: string;
  unit: Unit;
  status: 'normal' | 'sealed' | 'closed';
  since: DayNumber;
  months: MonthNumber[];
  updated: DayNumber;
}

/** All that is true of one person, before any agency writes it down in its own way. */
export interface Facts {
  index: number;
  idKind: IdKind;
  /** Normal form: 18 digits, or the document's number. */
  idNumber: string;
  name: string;
  phone: string;
  /** What an agency has on file instead, where it errs. */
  housingId?: string;
  housingName?: string;
  /** Second record of the same number in 人社, under another name. */
  secondName?: string;
  /** An account opened before 18 digits: the fund keeps the 15-digit number. */
  oldFundId: boolean;
  registrations: Registration[];
  ban?: { from: DayNumber; until: DayNumber };
  /** On the ministry's list of suspects. */
  listed: boolean;
  veteran?: Veteran;
  /** A pension is paid, whether or not the day on which it began is on file. */
  pensioner: boolean;
  retired?: DayNumber;
  died?: DayNumber;
  /** Declared by a court to be without legal capacity. */
  incapable: boolean;
  insurances: Insurance[];
  labour: LabourFiling[];
  exams: ExamEntry[];
  file?: PersonnelFile;
  funds: FundAccount[];
}

/** What the agencies' data shows of a person, kept out of their databases. Rule ids of domain.md §2.2; empty: nothing to compare. */
export interface Label {
  index: number;
  idKind: IdKind;
  idNumber: string;
  situation: string;
  rules: readonly string[];
}
