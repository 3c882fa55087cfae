import { Problem } from '#problem';
import { hashLeaf, proveInclusion, verifyInclusion, type TileSource } from '#tlog';
import { type RecordedEntry, type SignedCheckpoint } from '../entry.js';
import { parsePublicLine, privHash } from '../line-codec.js';

/** An entry as stored, not proved yet. */
export interface StoredEntry {
  index: number;
  publicLine: Buffer;
  privateLine?: Buffer;
}

/** An entry of one of this node's logs, without proof. */
export interface LoggedEntry extends StoredEntry {
  origin: string;
  leaf: Buffer;
}

/**
 * An entry with a fresh proof. The proof is held against the signed root, and the private line against the hash of it that is
 * under that root, so that a changed row is never handed out as recorded.
 *
 * @throws Problem `log-tampered`
 */
export async function proveEntry(
  tiles: TileSource,
  { index, publicLine, privateLine }: StoredEntry,
  checkpoint: SignedCheckpoint,
): Promise<RecordedEntry> {
  const leaf = hashLeaf(publicLine);
  const path = await proveInclusion(tiles, index, checkpoint.size);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ index, size, leaf, root, path }) || !isOwn(publicLine, privateLine))
    throw new Problem('log-tampered', { detail: `entry ${index} is not the one that was signed` });
  return { index, publicLine, ...(privateLine && { privateLine }), leaf, path, checkpoint };
}

/** Whether the private line, where it is not erased, is the one that the public line commits to. */
function isOwn(publicLine: Buffer, privateLine: Buffer | undefined): boolean {
  return !privateLine || privHash(privateLine) === parsePublicLine(publicLine, 'log-tampered').priv;
}
