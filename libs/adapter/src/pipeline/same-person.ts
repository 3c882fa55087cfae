import { type SubjectKind } from '#contracts';
import { type AskedSubject } from '#exchange';
import { type Finding } from '../query-handler.js';
import { isVouched } from '../vouched.js';

/** The field by which the contracts about persons repeat whom a row is about. */
const PERSON = 'idNumber';

/**
 * A finding that is not shown to be about the subject asked is the source's or its adapter's fault, and none of it may be
 * told. `ViewSource` has held the source's own number of every row against the one asked for; a handler that does not use it
 * says whom it found (`about`) or has the person's number in every row. One that does neither is not believed: most
 * contracts' rows say of themselves nothing that a wrong join could be seen by.
 */
export function ofSubject(kind: SubjectKind, { normal }: AskedSubject, finding: Finding): Finding {
  if (finding.answer !== 'found') return finding;
  const { about, rows } = finding;
  const numbers = kind === 'person' ? rows.map(numberOf) : [];
  const other = [about, ...numbers].some((number) => number !== undefined && number !== normal);
  const shown =
    isVouched(finding) ||
    about === normal ||
    (numbers.length > 0 && numbers.every((number) => number === normal));
  return !other && shown ? finding : { answer: 'unreadable', fault: 'other-person' };
}

function numberOf(row: unknown): unknown {
  const { [PERSON]: number } = (row ?? {}) as Record<string, unknown>;
  return number;
}
