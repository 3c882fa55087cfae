import { checkBinding, LONGEST_LIFE_MS, type Awaited } from '#envelope';
import {
  cameInTime,
  type AskedEntry,
  type AskedExchange,
  type EntryDraft,
  type RecordedEntry,
} from '#evidence';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { Problem } from '#problem';

/** How long after its deadline a disclosure can be acknowledged (design: Binding). */
export const LATE_MS = LONGEST_LIFE_MS;

/** What the own log says of an exchange to which something comes now. */
export type Standing = 'never-asked' | 'open' | 'unanswered' | 'settled';

/** Whether a disclosure that comes now is one that the own log still misses. */
export function standingOf({ intent, outcome, acknowledgement }: AskedExchange): Standing {
  if (!intent) return 'never-asked';
  if (!outcome) return 'open';
  const answered = outcome.line.answer !== undefined || acknowledgement !== undefined;
  return answered || cameInTime(outcome.line.reason) ? 'settled' : 'unanswered';
}

/**
 * Is this the provider's answer to a question that this log asked, and is it in the provider's log? As for a reply in time;
 * what was awaited is what the intent says. Its body is held against the disclosure and dropped unread.
 * @returns the disclosure
 * @throws Problem that it is refused with; as it is, a failure of this node
 */
export async function verifyLate(
  node: AgencyNode,
  { line, leaf, kept }: AskedEntry,
  reply: WireMessage,
): Promise<RecordedEntry> {
  const { from, to, exchange, query = '', deadline = '' } = line;
  const opened = await node.opener.open(topics.reply(node.agency.id), reply, LATE_MS);
  const awaited: Awaited = { from, to, exchange, query, deadline, parent: leaf };
  checkBinding(opened, { awaited, subjectRoot: () => rootOf(kept?.subjectRoot) });
  node.peers.verify(opened.entry);
  return opened.entry;
}

/**
 * Records that a disclosure came after the exchange was closed without one. It says nothing else than the outcome said: the
 * asker was given nothing, and will be given nothing of it.
 */
export async function recordAcknowledgement(
  { log }: Pick<AgencyNode, 'log'>,
  outcome: AskedEntry,
  disclosure: RecordedEntry,
): Promise<void> {
  const { v: _v, origin: _origin, at: _at, priv: _priv, ...said } = outcome.line;
  const draft: EntryDraft = {
    ...said,
    answer: disclosure.leaf.toString('base64url'),
    late: true,
    parentReceipt: disclosure,
  };
  await log.append(draft);
}

/** A private line that was erased, or lost with a database, names nobody. @throws Problem `subjects-differ` */
function rootOf(text: string | undefined): Buffer {
  if (text === undefined) throw new Problem('subjects-differ', { field: 'subjectRoot' });
  return Buffer.from(text, 'base64url');
}
