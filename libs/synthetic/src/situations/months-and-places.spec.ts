import { all, bornOut, employers, isKin, only, each, paidByUnit } from '../born-out.fixture.js';
import { paidElsewhere, payers, unitOf, unpaid } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { monthAndPlaceSituations } from './months-and-places.js';

const leftOut = (seen: Seen, months: number) =>
  unpaid(seen).length === months && only(each(seen.dues, 'bab010'), unitOf(seen));

bornOut('situations in which months are missing or paid elsewhere', monthAndPlaceSituations, {
  'gap-of-two-months': (seen) => leftOut(seen, 2),
  'gap-of-three-months': (seen) => leftOut(seen, 3),
  'paid-afterwards': (seen) =>
    paidByUnit(seen) && seen.dues.filter((row) => row['aaa115'] === '20').length === 3,
  'paid-in-another-city': (seen) => paidByUnit(seen) && paidElsewhere(seen),
  'paid-in-another-city-by-branch': (seen, units) =>
    paidElsewhere(seen) &&
    all(seen.dues, 'frxydm', unitOf(seen)!) &&
    isKin(units, '分公司', unitOf(seen), payers(seen)[0]),
  'paid-in-another-city-by-unknown-unit': (seen, { names }) =>
    paidElsewhere(seen) &&
    only(payers(seen), null) &&
    seen.dues.every((row) => row['aab001'] !== null && !names.has(row['aab004']!)) &&
    employers(seen).length + seen.accounts.length === 0,
});
