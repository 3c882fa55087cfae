import { parseCheckpoint } from './checkpoint.js';
import { HASH_SIZE } from './hash.js';
import { NoteError } from './note-error.js';
import { splitNote } from './note.js';
import { requireCount } from './plain-text.js';

/** Longest path that C2SP tlog-proof can mean: a tree of 2^63 leaves. */
export const MAX_PATH = 63;

/** That an entry is in a log: its place, its path, and the signed checkpoint that the path leads to. */
export interface LogProof {
  index: number;
  /** Inclusion path in the tree of the checkpoint. */
  path: Buffer[];
  /** The checkpoint as a signed note, verbatim. */
  note: string;
  /** Whatever the application adds; not covered by the proof. Text form only. */
  extra?: Buffer;
}

/** @throws NoteError `malformed` when a part is not one that a proof can hold. Verifies nothing. */
export function requireProof({ index, path, note }: LogProof): void {
  requireCount(index, 'index');
  if (path.length > MAX_PATH) throw new NoteError('malformed', 'path: more hashes than a tree has levels');
  if (path.some((hash) => hash.length !== HASH_SIZE)) {
    throw new NoteError('malformed', 'path: a tree hash has 32 bytes');
  }
  parseCheckpoint(splitNote(note).text);
}
