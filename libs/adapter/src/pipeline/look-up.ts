import { type Contract } from '#contracts';
import { Problem } from '#problem';
import { type AdapterParts } from '../adapter-parts.js';
import { type Fault, type Finding, type SourceReply } from '../query-handler.js';
import { type Asked } from './asked.js';
import { type Authorized } from './authorize.js';
import { timeInSource } from './time-left.js';

/** Asks the agency's source for the granted fields, and for those the decision itself needs, and for no others. */
export async function lookUp(
  parts: AdapterParts,
  asked: Asked,
  { decision }: Authorized,
): Promise<SourceReply> {
  const { contract, question } = asked;
  const handler = parts.handlers.get(contract.id);
  if (!handler) throw new Problem('unknown-query');
  const sourceQuestion = {
    query: contract.id,
    region: question.region,
    subjects: question.subjects,
    fields: fieldsToFetch(contract, decision.fields.keys()),
    params: question.params,
  };
  const reply = await parts.observe.inSource(asked, () =>
    parts.guard.lookUp(handler, sourceQuestion, timeInSource(asked, parts.node.clock())),
  );
  refuseMalformed(reply);
  refuseIncomplete(asked, reply.findings);
  return reply;
}

function fieldsToFetch({ regionField }: Contract, granted: Iterable<string>): ReadonlySet<string> {
  return new Set([...granted, ...(regionField === undefined ? [] : [regionField])]);
}

/** A handler is code of the agency's own: what it returns is looked at before anything is made of it. */
function refuseMalformed(reply: Partial<SourceReply> | undefined): void {
  const { dataTime, findings } = reply ?? {};
  if (!(dataTime instanceof Date) || Number.isNaN(dataTime.getTime()))
    throw new Problem('provider-contract', { field: '/dataTime' });
  if (!(findings instanceof Map) || ![...findings.values()].every(isFinding))
    throw new Problem('provider-contract', { field: '/results' });
}

const FAULTS: ReadonlySet<string> = new Set<Fault>(['unmapped', 'other-person']);

function isFinding(finding: Finding): boolean {
  if (finding.answer === 'unreadable') return FAULTS.has(finding.fault);
  if (finding.answer !== 'found') return ['none', 'ambiguous'].includes(finding.answer);
  return Array.isArray(finding.rows) && finding.rows.length > 0;
}

/** A subject without a finding would read as a `none` that nobody looked up. */
function refuseIncomplete({ question }: Asked, findings: ReadonlyMap<number, Finding>): void {
  const missing = question.subjects.some(({ position }) => !findings.has(position));
  if (missing) throw new Problem('provider-contract', { field: '/results' });
}
