import {
  parsePrivateLine,
  parsePublicLine,
  subjectCommitment,
  toReceipt,
  type LoggedEntry,
  type PrivateLine,
  type PublicLine,
  type Receipt,
  type RecordedEntry,
} from '#evidence';
import {
  endMoment,
  moment,
  MOMENT_WANTED,
  normalizePersonId,
  parseUscc,
  shanghaiDay,
  type IdType,
} from '#identifiers';
import { Problem } from '#problem';
import { type AuditParts } from '../parts.js';

/** Whom to look for, as it came in; times are days in China or carry their zone. */
export interface SubjectSearch {
  idType: string;
  idNumber: string;
  from?: string;
  to?: string;
}

/** One time that somebody asked about the person, or was told about them. */
export interface SubjectHit {
  entry: PublicLine;
  queryTitle?: string;
  /** Absent once the private line is erased. */
  purpose?: PrivateLine['purpose'];
  purposeTitle?: string;
  basis?: string[];
  fields?: Record<string, string>;
  /** Absent for the moment until the entry is under a stored checkpoint. */
  receipt?: Receipt;
}

/** Newest entries told in one answer, and what is of the last one's moment; `more`: there are older ones, ask again with `to`. */
const MOST = 500;

/**
 * Who asked about this person, when, on what basis: entries of this node's logs by keyed commitment, newest first.
 * @throws Problem `bad-identifier`, `synthetic-identity`, `schema-invalid` (a time), `log-tampered`
 */
export async function findSubject(
  audit: AuditParts,
  search: SubjectSearch,
): Promise<{ commitment: Buffer; hits: SubjectHit[]; more: boolean }> {
  const range = rangeOf(search);
  const commitment = commitmentOf(audit, search);
  const { entries, more } = await audit.reader.disclosuresAbout(commitment, { ...range, most: MOST });
  const proved = await audit.reader.prove(entries);
  const hits = entries.map((entry, place) => hitOf(audit, entry, proved[place]));
  return { commitment, hits, more };
}

function rangeOf({ from, to }: SubjectSearch): { from: number; to: number } {
  const range = {
    from: from === undefined ? -Infinity : timeOf(moment(from), '/from'),
    to: to === undefined ? Infinity : timeOf(endMoment(to), '/to'),
  };
  if (range.from >= range.to)
    throw new Problem('schema-invalid', { field: '/from', detail: 'is not before to' });
  return range;
}

function timeOf(at: number | undefined, field: string): number {
  if (at === undefined) throw new Problem('schema-invalid', { field, detail: `${MOMENT_WANTED} is wanted` });
  return at;
}

function commitmentOf(
  { epochKey, synthetic, clock }: AuditParts,
  { idType, idNumber }: SubjectSearch,
): Buffer {
  const field = '/idNumber';
  if (idType === 'uscc')
    return subjectCommitment(epochKey, idType, parseUscc(idNumber, { synthetic, field }).normal);
  const today = shanghaiDay(clock());
  const { normal } = normalizePersonId(idType as IdType, idNumber, { today, synthetic, field });
  return subjectCommitment(epochKey, idType, normal);
}

function hitOf(audit: AuditParts, entry: LoggedEntry, proved: RecordedEntry | undefined): SubjectHit {
  const line = parsePublicLine(entry.publicLine, 'log-tampered');
  const query = [...audit.contracts.contracts.values()].find(({ id }) => id === line.query);
  return {
    entry: line,
    ...(query && { queryTitle: query.title }),
    ...(entry.privateLine && ground(audit, parsePrivateLine(entry.privateLine, 'log-tampered'))),
    ...(proved && { receipt: toReceipt(proved) }),
  };
}

/** On what ground it was asked, as the private line has it. */
function ground({ contracts }: AuditParts, { purpose, basis, fields }: PrivateLine): Partial<SubjectHit> {
  const title = purpose && contracts.purposes.get(purpose.code)?.title;
  return {
    ...(purpose && { purpose }),
    ...(title !== undefined && { purposeTitle: title }),
    ...(basis && { basis }),
    ...(fields && { fields }),
  };
}
