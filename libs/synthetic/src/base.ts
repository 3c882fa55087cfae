import { type DayNumber, firstDay, monthOf, type MonthNumber, months, yearOf } from './calendar.js';
import { type Draw } from './draw.js';
import {
  type Category,
  type ExamEntry,
  type Facts,
  type FundAccount,
  type Insurance,
  type Registration,
} from './facts.js';
import { phone } from './identity.js';
import { cityOf, type Unit } from './unit.js';

/** What a situation is planted with. */
export interface Stage {
  draw: Draw;
  /** The day on which the province is looked at. */
  today: DayNumber;
  /** Its month: contributions of this one have not arrived yet. */
  thisMonth: MonthNumber;
  /** Last month that is paid and arrived. */
  lastPaid: MonthNumber;
  /** A random enterprise without a role in any situation. */
  ordinary: () => Unit;
  /** A random unit at a place of its block (`Place`). */
  at: (place: number) => Unit;
}

/** Months of contributions on file: 13 a person, so that 2 M persons have about 30 M rows. */
export const CONTRIBUTION_MONTHS = 13;
/** Months of deposits on file at a provident-fund centre. */
export const DEPOSIT_MONTHS = 10;
const CATEGORIES: readonly Category[] = ['CB1', 'CB2', 'CB2', 'CE1', 'SE', 'AR1', 'S'];

/** Somebody whose unit, payer, deposit, labour filing, exam and file all agree. Every situation starts from this. */
export function matching(
  index: number,
  person: Pick<Facts, 'idKind' | 'idNumber' | 'name'>,
  unit: Unit,
  stage: Stage,
): Facts {
  const { draw, today, lastPaid } = stage;
  const since = today - draw.int(500, 2_500);
  return {
    index,
    ...person,
    phone: phone(index),
    oldFundId: person.idKind === 'citizen-id' && draw.chance(30),
    registrations: [registered(stage, unit)],
    listed: false,
    pensioner: false,
    incapable: false,
    insurances: [insured(unit, months(lastPaid - CONTRIBUTION_MONTHS + 1, lastPaid), stage)],
    labour: [{ unit, since }],
    exams: draw.chance(700) ? [examined(unit, yearOf(today) - draw.int(2, 5))] : [],
    ...(draw.chance(800) && { file: { holder: unit.name, deposit: 'unit' as const, since } }),
    funds: [deposited(unit, months(lastPaid - DEPOSIT_MONTHS + 1, lastPaid), stage)],
  };
}

export function registered(
  { draw, today }: Stage,
  unit: Unit,
  category = draw.pick(CATEGORIES),
): Registration {
  const since = today - draw.int(120, 600);
  return { category, unit, since, until: since + validDays(category), state: 'in-force' };
}

/** Architects are registered for 2 years (条例 17), the others for 3. */
function validDays(category: Category): number {
  return category === 'AR1' ? 730 : 1_096;
}

/** An enterprise's pension contributions for these months, all arrived up to the last that is due. */
export function insured(
  payer: Unit | undefined,
  due: MonthNumber[],
  { lastPaid, thisMonth }: Stage,
): Insurance {
  const running = (due.at(-1) ?? 0) >= lastPaid;
  return {
    ...(payer && { payer }),
    kind: '110',
    state: running ? 'paying' : 'paused',
    months: due,
    arrivedUntil: thisMonth - 1,
    region: payer?.region ?? '990101',
  };
}

export function deposited(unit: Unit, paid: MonthNumber[], { today }: Stage): FundAccount {
  const since = firstDay(paid[0] ?? monthOf(today)) - 400;
  return { centre: cityOf(unit.region), unit, status: 'normal', since, months: paid, updated: today - 3 };
}

export function examined(unit: Unit, year: number): ExamEntry {
  return { unit, year };
}
