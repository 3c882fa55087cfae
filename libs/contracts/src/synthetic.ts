import { normalizePersonId, parseUscc } from '#identifiers';
import { Problem } from '#problem';
import { type Subject } from './model.js';

/** Ages are not judged by the day of the run: an example must not expire. */
const ANY_DAY = '2026-01-01';

/** Whether a subject is valid and made up (region prefix 99): nobody real stands in an example that we publish. */
export function isSynthetic(subject: Subject): boolean {
  return isAccepted(subject, 'accept') && !isAccepted(subject, 'refuse');
}

function isAccepted(subject: Subject, synthetic: 'accept' | 'refuse'): boolean {
  try {
    if ('uscc' in subject) return parseUscc(subject.uscc, { synthetic }).notices.length === 0;
    normalizePersonId(subject.idType, subject.idNumber, { synthetic, today: ANY_DAY });
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
