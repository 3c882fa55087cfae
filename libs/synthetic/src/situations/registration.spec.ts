import { all, bornOut, daysSince, each, only, paidByUnit } from '../born-out.fixture.js';
import { payers, registered, unitOf } from '../born-out.fixture.js';
import { type Entry, type Seen } from '../seen.fixture.js';
import { registrationSituations } from './registration.js';

/** No registration is in force, yet a unit goes on paying. */
const over = (seen: Seen, state: string) =>
  all(seen.registrations, 'reg_state', state) && registered(seen).length === 0 && payers(seen).length === 1;

const isPast = (month: Entry) => Number(month['aae003']) < 202_410;
const paidByOther = (seen: Seen) => payers(seen).length > 0 && !payers(seen).includes(unitOf(seen)!);

bornOut('situations that the housing side shows', registrationSituations, {
  'registration-cancelled': (seen) => over(seen, '2'),
  'registration-lapsed': (seen) =>
    over(seen, '3') && seen.registrations.every((row) => daysSince(row['reg_edate']) > 0),
  'registration-revoked': (seen) => over(seen, '4'),
  deceased: (seen) => unitOf(seen) !== undefined && seen.people.some((row) => daysSince(row['aae138']) > 0),
  'legally-incapable': (seen) => unitOf(seen) !== undefined && all(seen.people, 'msxwnl', '3'),
  'banned-yet-registered': (seen) =>
    registered(seen).length > 0 && seen.bans.some((row) => daysSince(row['punish_edate']) < 0),
  'registered-at-two-units': (seen) => each(registered(seen), 'qy_tyshxydm').length === 2,
  'listed-by-the-ministry-yet-matching': (seen) => paidByUnit(seen) && seen.listed.length === 1,
  'paid-elsewhere-long-ago': (seen) => {
    const past = seen.dues.filter(isPast);
    const since = registered(seen)[0]?.['reg_sdate'];
    const whileRegistered = past.every((row) => daysSince(row['ead131']) < daysSince(since));
    const elsewhere = past.length > 0 && !each(past, 'bab010').includes(unitOf(seen)!);
    return whileRegistered && elsewhere && only(payers(seen), unitOf(seen));
  },
  'not-registered': (seen) => seen.persons.length + seen.registrations.length === 0,
  'crowded-unit': (seen, _units, everybody) => {
    if (!paidByOther(seen)) return false;
    const unit = unitOf(seen);
    const colleagues = everybody.filter((other) => unitOf(other) === unit);
    const suspected = colleagues.filter(paidByOther).length;
    return suspected >= 3 && suspected >= colleagues.length / 5;
  },
});
