import { ageOn, all, bornOut, daysSince, dueIn, employers, isKin } from '../born-out.fixture.js';
import { only, payers, registered, unitOf, type Shown } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { exemptSituations } from './exempt.js';

const TODAY = '2026-10-31';
const isMan = ({ label }: Seen) => Number(label.idNumber[16]) % 2 === 1;
const retiredOn = ({ people }: Seen) => people[0]?.['aic162'] ?? undefined;
/** Nobody pays any longer, yet the unit of registration has them on its labour filing (返聘). */
const rehired = (seen: Seen) =>
  dueIn(seen).length === 0 && all(seen.relations, 'aac031', '3') && only(employers(seen), unitOf(seen));

function retired(seen: Seen): boolean {
  const day = retiredOn(seen);
  const due = day !== undefined && daysSince(day) > 0 && ageOn(seen, `${day}`) >= 60;
  return due && all(seen.people, 'aac084', '1') && rehired(seen);
}

/** Paid for by themselves, after having left the army in this way. */
const veteran =
  (kind: string): Shown =>
  (seen) =>
    all(seen.people, 'aac064', kind) && all(seen.dues, 'aab001', null) && unitOf(seen) !== undefined;

/** The institution that holds the firm pays pension contributions of its own kind. */
const holderPays =
  (industry: string): Shown =>
  (seen, units) =>
    isKin(units, '举办单位', unitOf(seen), payers(seen)[0]) &&
    all(dueIn(seen), 'aab019', '55') &&
    all(dueIn(seen), 'aab022', industry) &&
    all(dueIn(seen), 'aae140', '120');

const UNIVERSITY_FIRM = /勘察|设计|监理|造价/;

bornOut('situations that are exempt', exemptSituations, {
  'retired-and-rehired': (seen) => retired(seen) && seen.listed.length === 0,
  'retired-early': (seen) =>
    isMan(seen) && ageOn(seen, TODAY) < 60 && daysSince(retiredOn(seen)) > 0 && rehired(seen),
  'draws-pension-since-unknown-day': (seen) =>
    all(seen.people, 'aac084', '1') && retiredOn(seen) === undefined && rehired(seen),
  'of-pension-age-without-pension': (seen) =>
    all(seen.people, 'aac084', '0') && ageOn(seen, TODAY) >= 63 && rehired(seen),
  'listed-by-the-ministry-yet-exempt': (seen) => retired(seen) && seen.listed.length === 1,
  'institution-pays-its-firm': holderPays('7481'),
  'university-pays-its-firm': (seen, units, everybody) =>
    holderPays('8341')(seen, units, everybody) && UNIVERSITY_FIRM.test(`${registered(seen)[0]?.['qy_name']}`),
  'veteran-pays-alone': veteran('10'),
  'veteran-on-monthly-pay': veteran('20'),
  'veteran-demobilised': veteran('30'),
  'veteran-with-own-business': veteran('40'),
  'bought-out': (seen) =>
    all(seen.dues, 'aaa115', '20') && all(seen.dues, 'aab001', null) && all(seen.people, 'aac064', null),
});
