import {
  all,
  bornOut,
  daysSince,
  depositors,
  dueIn,
  each,
  employers,
  isKin,
  only,
} from '../born-out.fixture.js';
import { paidByUnit, payers, registered, unitOf } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { changeSituations } from './changes.js';
import { matchingSituations } from './matching.js';

const paying = (seen: Seen) => dueIn(seen)[0];
const folded = (name: unknown) => `${name as string}`.normalize('NFKC').replaceAll(' ', '');
const registeredName = (seen: Seen) => registered(seen)[0]?.['qy_name'];

/** Everything that the agencies have of a person names the unit of registration. */
function agrees(seen: Seen): boolean {
  const [unit, name] = [unitOf(seen), registeredName(seen)];
  const names = [...each(seen.persons, 'ry_name'), ...each(seen.people, 'aac003')];
  const saved = each(seen.accounts, 'xingming');
  const named = all(seen.persons, 'idcard', seen.label.idNumber) && new Set([...names, ...saved]).size === 1;
  const works = only(employers(seen), unit) && paidByUnit(seen) && only(depositors(seen), unit);
  const hints = [...each(seen.exams, 'bmdw'), ...each(seen.files, 'cfdw')].every((held) => held === name);
  return named && works && hints && all(seen.accounts, 'grzhzt', '01');
}

const firstChanges = changeSituations.map(({ name }) => name);

bornOut(
  'situations in which payer and unit of registration are one',
  matchingSituations.filter(({ name }) => !firstChanges.includes(name)),
  {
    'all-agree': agrees,
    'fund-data-too-old': (seen) =>
      paidByUnit(seen) &&
      seen.accounts.length > 0 &&
      seen.accounts.every((row) => daysSince(row['gxsj']) > 365),
    'payer-without-credit-code': (seen) =>
      only(payers(seen), null) &&
      paying(seen)?.['aab004'] !== registeredName(seen) &&
      folded(paying(seen)?.['aab004']) === folded(registeredName(seen)),
    'payer-under-former-name': (seen, { changes }) =>
      only(payers(seen), null) &&
      paying(seen)?.['aab004'] !== registered(seen)[0]?.['reg_qymc'] &&
      changes.some(
        (row) => row['bg_old_name'] === paying(seen)?.['aab004'] && row['bg_new_tyshxydm'] === unitOf(seen),
      ),
    'paid-by-branch': (seen, units) =>
      all(dueIn(seen), 'frxydm', unitOf(seen)!) && isKin(units, '分公司', unitOf(seen), payers(seen)[0]),
    'registered-at-branch': (seen, units) =>
      payers(seen).length === 1 && isKin(units, '分公司', payers(seen)[0], unitOf(seen)),
    'works-elsewhere': (seen) =>
      paidByUnit(seen) && employers(seen).length === 1 && !employers(seen).includes(unitOf(seen)!),
    'fund-paid-elsewhere': (seen) =>
      paidByUnit(seen) && depositors(seen).length === 1 && !depositors(seen).includes(unitOf(seen)!),
    'fund-paid-by-two-units': (seen) =>
      paidByUnit(seen) && depositors(seen).length === 2 && depositors(seen).includes(unitOf(seen)!),
    'fund-sealed': (seen) =>
      paidByUnit(seen) && all(seen.accounts, 'grzhzt', '02') && depositors(seen).length === 0,
    'no-fund': (seen) => paidByUnit(seen) && only(employers(seen), unitOf(seen)) && !seen.accounts.length,
  },
);
