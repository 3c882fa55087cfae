import { bornOut, daysSince, dueIn, each, employers, only, payers, registered } from '../born-out.fixture.js';
import { unitOf } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { timingSituations } from './timing.js';

/** Months that the registered unit and another one have both paid. */
function doubled(seen: Seen): number {
  const months = each(seen.dues, 'aae003').map(Number);
  const twice = (paid: readonly unknown[]) => paid.length === 2 && paid.includes(unitOf(seen)!);
  return months.filter((month) => twice(payers(seen, month))).length;
}

bornOut('situations that time brings about', timingSituations, {
  'new-entrant': (seen) =>
    registered(seen).length > 0 &&
    registered(seen).every((row) => daysSince(row['reg_sdate']) <= 30) &&
    seen.labour.every((row) => daysSince(row['aae030']) <= 30) &&
    only(payers(seen, 202_610), unitOf(seen)) &&
    seen.dues.every((row) => row['aae078'] === '0' && row['aae003'] === '202610'),
  'changed-jobs': (seen) => {
    const [before, now] = [payers(seen, 202_608), payers(seen)];
    const started = seen.labour.find((row) => row['bab010'] === now[0])?.['aae030'];
    const stopped = seen.relations.filter((row) => row['aac031'] === '2');
    return (
      only(before, unitOf(seen)) &&
      !now.includes(unitOf(seen)!) &&
      only(employers(seen), now[0]) &&
      daysSince(started) <= 60 &&
      stopped.length === 1
    );
  },
  'two-payers': (seen) => doubled(seen) > 1 && dueIn(seen).length === 2,
  'two-payers-in-one-month': (seen) => doubled(seen) === 1,
});
