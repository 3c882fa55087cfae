import { Problem } from '#problem';
import { unpredictable } from '#random';
import { type EntryKind, type PrivateLine, type PublicLine, type RecordedEntry } from './entry.js';
import { encodePrivateLine, encodePublicLine, privHash } from './line-codec.js';
import { isOrigin } from './line-shape.js';

/** An entry to be: the writer adds version, origin, time, salt and the hash of the private line. */
export interface EntryDraft extends Omit<PublicLine, 'v' | 'origin' | 'at' | 'priv'> {
  private?: Omit<PrivateLine, 'salt'>;
  /** Commitments (32 bytes each) of every person asked or returned, indexed in the same transaction. */
  subjectIndex?: readonly Buffer[];
  /** The peer's entry that this one answers, kept in the same transaction. */
  parentReceipt?: RecordedEntry;
  /** The bundle by which it was decided: must be in force when this entry is recorded. */
  requiresBundle?: { provider: string; number: number };
  /** When it is of use to nobody any more, milliseconds since the epoch: it is not recorded then, and later neither. */
  recordBefore?: number;
}

/** A draft made into bytes, waiting for its place in the tree. */
export interface DraftLines {
  kind: EntryKind;
  exchange: string;
  late: boolean;
  at: string;
  publicLine: Buffer;
  privateLine: Buffer;
  subjectIndex: readonly Buffer[];
  parentReceipt?: RecordedEntry;
  requiresBundle?: { provider: string; number: number };
  recordBefore?: number;
}

/** Kinds of which an exchange has one per log, and of `outcome` a late one beside it: a second append gives back the first. */
const ONCE: ReadonlySet<EntryKind> = new Set(['intent', 'disclosure', 'outcome']);

/** The key under which a second append of the same entry is recognised, or undefined when every append is new. */
export function onceKey({
  kind,
  exchange,
  late,
}: Pick<DraftLines, 'kind' | 'exchange' | 'late'>): string | undefined {
  if (!ONCE.has(kind)) return undefined;
  return late ? `late ${kind} ${exchange}` : `${kind} ${exchange}`;
}

/**
 * Makes the two lines of a draft. Everything that could fail later on a single draft fails here, before it shares a
 * transaction with others.
 *
 * @throws Problem `internal` naming the field
 */
export function draftLines(draft: EntryDraft, origin: string, at: string): DraftLines {
  const { private: kept, subjectIndex = [], parentReceipt, requiresBundle, recordBefore, ...line } = draft;
  if (subjectIndex.some((commitment) => commitment.length !== 32)) throw misuse('subjectIndex');
  if (parentReceipt && !isStorable(parentReceipt)) throw misuse('parentReceipt');
  if (line.late && !isAcknowledgement(line)) throw misuse('late');
  const privateLine = encodePrivateLine({ ...kept, salt: unpredictable(16).toString('base64url') });
  const publicLine = encodePublicLine({ ...line, v: 1, origin, at, priv: privHash(privateLine) });
  const { kind, exchange } = line;
  return {
    kind,
    exchange,
    late: line.late === true,
    at,
    publicLine,
    privateLine,
    subjectIndex,
    ...(parentReceipt && { parentReceipt }),
    ...(requiresBundle && { requiresBundle }),
    ...(recordBefore !== undefined && { recordBefore }),
  };
}

function isAcknowledgement({ kind, parent, answer, replayed }: Partial<PublicLine>): boolean {
  return kind === 'outcome' && parent !== undefined && answer !== undefined && !replayed;
}

function isStorable({ index, leaf, path, checkpoint }: RecordedEntry): boolean {
  return (
    Number.isSafeInteger(index) &&
    index >= 0 &&
    index < checkpoint.size &&
    [leaf, checkpoint.root, ...path].every((hash) => hash.length === 32) &&
    isOrigin(checkpoint.origin) &&
    !checkpoint.note.includes('\0')
  );
}

function misuse(field: string): Problem {
  return new Problem('internal', { field, detail: 'a draft cannot be recorded' });
}
