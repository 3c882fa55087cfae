import { all, bornOut, each, paidByUnit, registered } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { hintSituations } from './hints.js';

const registeredName = (seen: Seen) => registered(seen)[0]!['qy_name']!;

bornOut('situations that only hint at something', hintSituations, {
  'entered-exam-from-another-unit': (seen) =>
    paidByUnit(seen) && seen.exams.length > 0 && !each(seen.exams, 'bmdw').includes(registeredName(seen)),
  'file-at-talent-centre': (seen) =>
    paidByUnit(seen) &&
    all(seen.files, 'cflx', '2') &&
    seen.files.every((row) => `${row['cfdw']}`.endsWith('人才服务中心')),
});
