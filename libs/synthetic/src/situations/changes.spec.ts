import { bornOut, daysSince, payers, registered, unitOf, type Shown } from '../born-out.fixture.js';
import { type Entry } from '../seen.fixture.js';
import { changeSituations } from './changes.js';

/** The registration still has the unit's former name, so many days after the change; the unit pays. */
const renamed =
  (since: (days: number) => boolean): Shown =>
  (seen, { changes }) => {
    const [registration] = registered(seen);
    const isThis = (row: Entry) =>
      row['bg_old_name'] === registration?.['reg_qymc'] && row['bg_new_tyshxydm'] === unitOf(seen);
    const change = changes.find(isThis);
    return (
      change !== undefined &&
      registration?.['reg_qymc'] !== registration?.['qy_name'] &&
      daysSince(registration?.['reg_sdate']) > daysSince(change['bg_date']) &&
      since(daysSince(change['bg_date'])) &&
      payers(seen).includes(unitOf(seen)!)
    );
  };

/** The unit's successor pays. */
const absorbed =
  (since: (days: number) => boolean): Shown =>
  (seen, { changes }) =>
    changes.some(
      (row) =>
        row['bg_old_tyshxydm'] === unitOf(seen) &&
        row['bg_new_tyshxydm'] !== unitOf(seen) &&
        payers(seen).includes(row['bg_new_tyshxydm']!) &&
        since(daysSince(row['bg_date'])),
    );

bornOut('situations in which the unit has changed', changeSituations, {
  'unit-renamed': renamed((days) => days > 90),
  'unit-renamed-lately': renamed((days) => days <= 90),
  'unit-absorbed': absorbed((days) => days > 90),
  'unit-absorbed-lately': absorbed((days) => days <= 90),
});
