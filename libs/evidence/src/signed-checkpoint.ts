import {
  type Edge,
  type NoteSigner,
  NoteError,
  type NoteVerifier,
  formatCheckpoint,
  openNote,
  parseCheckpoint,
  signNote,
} from '#tlog';
import { Problem } from '#problem';
import { type SignedCheckpoint } from './entry.js';

/**
 * Signs the root of a tree that the caller computed itself. The key's name is the log's origin.
 * @param beside the key before, which signs too while a change of keys is not known everywhere
 */
export function signCheckpoint(signer: NoteSigner, edge: Edge, beside?: NoteSigner): SignedCheckpoint {
  const checkpoint = { origin: signer.name, size: edge.size, root: edge.root() };
  const text = formatCheckpoint(checkpoint);
  const more = beside ? signNote(text, beside).slice(text.length + 1) : '';
  return { ...checkpoint, note: signNote(text, signer) + more };
}

/**
 * Opens a checkpoint: signed by one of the verifiers, and about the log that the key signs for.
 *
 * @throws NoteError; `bad-signature` also when the text names another log than the key does
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): SignedCheckpoint {
  const { text, signers } = openNote(note, verifiers);
  const { origin, size, root } = parseCheckpoint(text);
  if (!signers.includes(origin)) throw new NoteError('bad-signature', 'the checkpoint is of another log');
  return { origin, size, root, note };
}

/** The same for a checkpoint that an operator hands in. @throws Problem `log-tampered` */
export function requireCheckpoint(note: string, verifier: NoteVerifier): SignedCheckpoint {
  try {
    return openCheckpoint(note, [verifier]);
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new Problem('log-tampered', { field: 'checkpoint', detail: cause.detail, cause });
  }
}

/** Opens it for a check that reports: undefined where the signature or the form does not hold. */
export function tryOpenCheckpoint(
  note: string,
  verifiers: readonly NoteVerifier[],
): SignedCheckpoint | undefined {
  try {
    return openCheckpoint(note, verifiers);
  } catch (error) {
    if (error instanceof NoteError) return undefined;
    throw error;
  }
}
