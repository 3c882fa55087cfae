import { CONTRIBUTION_MONTHS, insured, type Stage } from '../base.js';
import { type MonthNumber, months } from '../calendar.js';
import { type Facts, type Insurance } from '../facts.js';
import { type Unit } from '../unit.js';

/** Replaces the person's social insurance by that of another payer; `undefined` pays for themselves. */
export function insureElsewhere(
  facts: Facts,
  stage: Stage,
  payer: Unit | undefined,
  range: { from?: MonthNumber; to?: MonthNumber } = {},
): Insurance {
  const { from = stage.lastPaid - CONTRIBUTION_MONTHS + 1, to = stage.lastPaid } = range;
  const insurance = insured(payer, months(from, to), stage);
  facts.insurances = [insurance];
  return insurance;
}
