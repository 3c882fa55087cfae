import { type SubjectResult } from '#contracts';
import { type AskedSubject } from '#exchange';
import { Problem } from '#problem';
import { releaseUnder, type Release } from '#sharing';
import { type AdapterParts } from '../adapter-parts.js';
import { type Finding, type ReturnedPerson, type SourceReply } from '../query-handler.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';
import { ofSubject } from './same-person.js';

export interface Released {
  results: SubjectResult[];
  heldBack: number;
  /** Everyone whose data left, besides those asked about. */
  persons: ReturnedPerson[];
}

/**
 * From what the source found to what may leave: rows outside the grant's regions are held back and counted, the others
 * are projected and masked. One subject that cannot be released by its rules is refused; the others are not held up by it.
 */
export function releaseAll(
  { node, observe }: AdapterParts,
  asked: Asked,
  { decision }: Authorized,
  reply: SourceReply,
): Released {
  const released: Released = { results: [], heldBack: 0, persons: [] };
  const release = releaseUnder(decision, { contract: asked.contract, pseudonymKey: node.pseudonymKey });
  for (const subject of asked.question.subjects) {
    const finding = ofSubject(asked.contract.subject, subject, reply.findings.get(subject.position)!);
    if (finding.answer === 'unreadable') observe.unreadable(asked, finding.fault);
    const result = releaseOne(subject, finding, release);
    released.results.push(result);
    released.heldBack += result.heldBack ?? 0;
    if (finding.answer === 'found' && result.answer === 'found')
      released.persons.push(...(finding.persons ?? []));
  }
  return released;
}

function releaseOne({ position, claims }: AskedSubject, finding: Finding, release: Release): SubjectResult {
  if (finding.answer === 'unreadable')
    return { subject: position, answer: 'refused', reason: 'provider-contract', records: [] };
  if (finding.answer !== 'found') return { subject: position, answer: finding.answer, records: [] };
  try {
    const { records, heldBack } = release(finding.rows, claims);
    const held = heldBack > 0 && { heldBack };
    if (records.length > 0) return { subject: position, answer: 'found', records, ...held };
    // Something is there, but nothing that this grant reaches: said as such, because a `none` must be true.
    return { subject: position, answer: 'refused', reason: 'region-out-of-scope', records: [], ...held };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { subject: position, answer: 'refused', reason: error.problem, records: [] };
  }
}
