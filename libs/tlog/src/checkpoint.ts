import { HASH_SIZE } from './hash.js';
import { NoteError } from './note-error.js';
import { fromDecimal, hashFromBase64, requireCount, requirePlainText } from './plain-text.js';

/** "The log `origin` has this root at this size." */
export interface Checkpoint {
  origin: string;
  /** Leaves in the tree. */
  size: number;
  root: Buffer;
}

/** A checkpoint as read: with its extension lines, which nobody may rely on. */
export interface CheckpointBody extends Checkpoint {
  extensions: string[];
}

/** Note text of a checkpoint (C2SP tlog-checkpoint): origin, size, root, a line each. @throws NoteError `malformed`. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  requireOrigin(origin);
  requireCount(size, 'size');
  if (root.length !== HASH_SIZE) throw new NoteError('malformed', 'root: a tree hash has 32 bytes');
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * Reads the note text of a checkpoint. It proves nothing by itself: open the note first.
 *
 * @throws NoteError `malformed`.
 */
export function parseCheckpoint(text: string): CheckpointBody {
  const [origin, size, root, ...extensions] = linesOf(text);
  if (origin === undefined || size === undefined || root === undefined) {
    throw new NoteError('malformed', 'a checkpoint has at least three lines');
  }
  return { origin, size: fromDecimal(size, 'size'), root: hashFromBase64(root, 'root'), extensions };
}

function linesOf(text: string): string[] {
  requirePlainText(text, 'checkpoint');
  if (!text.endsWith('\n')) throw new NoteError('malformed', 'a checkpoint ends with a newline');
  const lines = text.slice(0, -1).split('\n');
  if (lines.includes('')) throw new NoteError('malformed', 'a checkpoint has no empty line');
  return lines;
}

function requireOrigin(origin: string): void {
  requirePlainText(origin, 'origin');
  if (origin === '' || origin.includes('\n'))
    throw new NoteError('malformed', 'an origin is one non-empty line');
}
