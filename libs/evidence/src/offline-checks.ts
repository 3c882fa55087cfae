import { Edge, hashLeaf, type NoteVerifier, verifyConsistency } from '#tlog';
import { Problem } from '#problem';
import { type SignedCheckpoint } from './entry.js';
import { parsePublicLine } from './line-codec.js';
import { tryOpenCheckpoint } from './signed-checkpoint.js';

/** How two checkpoints of one log stand to each other. */
export interface CheckpointComparison {
  /**
   * `forked`: both signed, one size, two roots: by themselves a proof of misconduct. `unproved`: sizes differ, and no proof
   * was given or it does not hold, which by itself proves nothing against the log.
   */
  relation: 'unverified' | 'other-logs' | 'same' | 'forked' | 'consistent' | 'unproved';
  first?: SignedCheckpoint;
  second?: SignedCheckpoint;
}

/**
 * Compares two signed checkpoints, offline.
 *
 * @param proof consistency proof (RFC 6962) from the smaller to the larger tree
 */
export function compareCheckpoints(
  notes: { first: string; second: string },
  verifiers: readonly NoteVerifier[],
  proof?: readonly Buffer[],
): CheckpointComparison {
  const first = tryOpenCheckpoint(notes.first, verifiers);
  const second = tryOpenCheckpoint(notes.second, verifiers);
  if (!first || !second)
    return { relation: 'unverified', ...(first && { first }), ...(second && { second }) };
  return { relation: relationOf(first, second, proof), first, second };
}

function relationOf(
  first: SignedCheckpoint,
  second: SignedCheckpoint,
  proof: readonly Buffer[] | undefined,
): CheckpointComparison['relation'] {
  if (first.origin !== second.origin) return 'other-logs';
  if (first.size === second.size) return first.root.equals(second.root) ? 'same' : 'forked';
  const [older, newer] = first.size < second.size ? [first, second] : [second, first];
  const claim = { oldSize: older.size, newSize: newer.size, oldRoot: older.root, newRoot: newer.root };
  return older.size === 0 || (proof && verifyConsistency({ ...claim, proof })) ? 'consistent' : 'unproved';
}

export interface LinesFinding {
  what: 'checkpoint-unverified' | 'line-unreadable' | 'other-log' | 'lines-missing' | 'root-differs';
  index?: number;
}

/**
 * Recomputes a log from its public lines, all of them from the first on, and holds the tree of the checkpoint's size
 * against its signed root. Lines beyond that size are read but not covered. Offline; reports all it finds.
 */
export async function verifyLines(
  lines: AsyncIterable<readonly Buffer[]> | Iterable<readonly Buffer[]>,
  note: string,
  verifiers: readonly NoteVerifier[],
): Promise<LinesFinding[]> {
  const checkpoint = tryOpenCheckpoint(note, verifiers);
  if (!checkpoint) return [{ what: 'checkpoint-unverified' }];
  const findings: LinesFinding[] = [];
  let edge = Edge.empty();
  let next = 0;
  for await (const chunk of lines) {
    chunk.forEach((line, i) => findings.push(...checkLine(line, next + i, checkpoint.origin)));
    next += chunk.length;
    edge = edge.extend(chunk.slice(0, checkpoint.size - edge.size).map(hashLeaf)).edge;
  }
  if (edge.size < checkpoint.size) findings.push({ what: 'lines-missing', index: edge.size });
  else if (!edge.root().equals(checkpoint.root)) findings.push({ what: 'root-differs' });
  return findings;
}

function checkLine(line: Buffer, index: number, origin: string): LinesFinding[] {
  try {
    return parsePublicLine(line).origin === origin ? [] : [{ what: 'other-log', index }];
  } catch (error) {
    if (error instanceof Problem) return [{ what: 'line-unreadable', index }];
    throw error;
  }
}
