import { all, bornOut, depositors, dueIn, employers, isKin } from '../born-out.fixture.js';
import { only, payers, unitOf, type Shown } from '../born-out.fixture.js';
import { type Cell } from '../sources/source-table.js';
import { type Seen, type Units } from '../seen.fixture.js';
import { payerSituations } from './payer.js';

const TIES = ['分公司', '母公司', '举办单位', '关联企业'];

function areKin(units: Units, one: Cell | undefined, other: Cell | undefined): boolean {
  return TIES.some((type) => isKin(units, type, one, other) || isKin(units, type, other, one));
}

/** Another unit pays, which is nothing to the unit of registration: of this kind and trade (AAB019, AAB022). */
const stranger = (seen: Seen, units: Units, kind: string, trade: string) =>
  unitOf(seen) !== undefined &&
  payers(seen).length === 1 &&
  payers(seen)[0] !== unitOf(seen) &&
  !areKin(units, unitOf(seen), payers(seen)[0]) &&
  all(dueIn(seen), 'aab019', kind) &&
  all(dueIn(seen), 'aab022', trade);

/** Pays alone, with none of what would exempt from having to explain that. */
const alone = (seen: Seen, insurance: string) =>
  all(dueIn(seen), 'aab001', null) &&
  all(seen.dues, 'aae140', insurance) &&
  all(seen.dues, 'aaa115', '10') &&
  all(seen.people, 'aac064', null) &&
  all(seen.people, 'aac084', '0') &&
  seen.labour.length + seen.accounts.length === 0;

const parentOf =
  (child: 'unit' | 'payer'): Shown =>
  (seen, units) => {
    const [unit, payer] = [unitOf(seen), payers(seen)[0]];
    return child === 'unit' ? isKin(units, '母公司', unit, payer) : isKin(units, '母公司', payer, unit);
  };

/** Another subsidiary of the registered unit's parent pays. */
const fellow: Shown = (seen, units) =>
  payers(seen)[0] !== unitOf(seen) &&
  units.kin.some(
    (row) =>
      isKin(units, '母公司', unitOf(seen), row['gx_tyshxydm']) &&
      isKin(units, '母公司', payers(seen)[0], row['gx_tyshxydm']),
  );

bornOut('situations in which somebody else pays', payerSituations, {
  'paid-by-organ': (seen, units) => stranger(seen, units, '60', '9221') && all(dueIn(seen), 'aae140', '120'),
  'paid-by-institution': (seen, units) =>
    stranger(seen, units, '55', '7481') && all(dueIn(seen), 'aae140', '120'),
  'paid-by-parent': parentOf('unit'),
  'paid-by-subsidiary': parentOf('payer'),
  'paid-by-fellow-subsidiary': fellow,
  'paid-by-affiliate': (seen, units) => isKin(units, '关联企业', unitOf(seen), payers(seen)[0]),
  'paid-by-dispatch-unit': (seen, units) =>
    stranger(seen, units, '10', '7263') && all(seen.labour, 'pqbz', '1'),
  'paid-by-agency': (seen, units) => stranger(seen, units, '10', '7262') && seen.labour.length === 0,
  'paid-by-talent-centre': (seen, units) => stranger(seen, units, '55', '7261') && seen.labour.length === 0,
  'pays-alone': (seen) => alone(seen, '110'),
  'resident-pension-only': (seen) => alone(seen, '170'),
  'nowhere-insured': (seen) => unitOf(seen) !== undefined && seen.people.length + seen.accounts.length === 0,
  'paid-by-unrelated-unit': (seen, units) =>
    stranger(seen, units, '10', '4710') && employers(seen).length + seen.accounts.length === 0,
  'works-for-unrelated-unit': (seen, units) =>
    stranger(seen, units, '10', '4710') &&
    only(employers(seen), payers(seen)[0]) &&
    only(depositors(seen), payers(seen)[0]),
});
