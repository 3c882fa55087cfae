import { type SignedCheckpoint } from '#evidence';
import { type Edge, hashLeaf, verifyConsistency } from '#tlog';
import { type MirroredLog, type Queryable } from './log-row.js';
import { edgeAt, rootAt } from './mirror-tiles.js';

/** Lines of a log that follow each other, with a checkpoint whose signature has been verified. */
export interface Growth {
  origin: string;
  /** Index of the first line. */
  from: number;
  lines: readonly Buffer[];
  checkpoint: SignedCheckpoint;
  /** When the lines end before the checkpoint's size: that the tree up to them is a prefix of the signed one. */
  proof?: readonly Buffer[];
}

export type Verdict =
  /** Nothing new: a duplicate, or a smaller checkpoint that came late. */
  | { what: 'known' }
  /** The lines extend the mirror exactly to what was signed. */
  | { what: 'grows'; edge: Edge; root: Buffer; lines: readonly Buffer[]; leaves: readonly Buffer[] }
  /** Lines are missing in between, or what came does not give the signed root: it has to be pulled. */
  | { what: 'unproven' }
  /** The log signed a tree that does not have the mirrored one as its prefix. */
  | { what: 'contradiction' };

/** Holds a growth against the mirror, whose row is locked. Only ever accepts the next index. */
export async function weigh(client: Queryable, log: MirroredLog, growth: Growth): Promise<Verdict> {
  const { checkpoint, from, lines } = growth;
  const { size } = log.edge;
  if (checkpoint.size <= size) {
    const root = checkpoint.size === size ? log.root : await rootAt(client, log.origin, checkpoint.size);
    return { what: root.equals(checkpoint.root) ? 'known' : 'contradiction' };
  }
  if (from > size) return { what: 'unproven' };
  if (from + lines.length <= size) return { what: growth.proof ? 'known' : 'unproven' };
  const next = lines.slice(size - from);
  const leaves = next.map(hashLeaf);
  const { edge, root } = log.edge.extend(leaves);
  if (isProved(edge, root, growth)) return { what: 'grows', edge, root, lines: next, leaves };
  return { what: (await showsOtherHistory(client, growth, size)) ? 'contradiction' : 'unproven' };
}

function isProved(edge: Edge, root: Buffer, { checkpoint, proof }: Growth): boolean {
  if (edge.size === checkpoint.size) return root.equals(checkpoint.root);
  if (!proof) return false;
  const sizes = { oldSize: edge.size, newSize: checkpoint.size };
  return verifyConsistency({ ...sizes, oldRoot: root, newRoot: checkpoint.root, proof: [...proof] });
}

/**
 * A tail that begins before the mirror's end and gives the signed root on the mirror's *earlier* edge, but not on its
 * present one, is a second history, proved by the two signatures alone.
 */
async function showsOtherHistory(client: Queryable, growth: Growth, size: number): Promise<boolean> {
  const { origin, from, lines } = growth;
  if (from >= size) return false;
  const { edge, root } = (await edgeAt(client, origin, from)).extend(lines.map(hashLeaf));
  return isProved(edge, root, growth);
}
