/**
 * Why a note, checkpoint, proof or key text is not taken: it is not written as its specification says; no key that
 * the caller knows signed it; a key that the caller knows did *not* sign it.
 */
export type NoteErrorCode = 'malformed' | 'unsigned' | 'bad-signature';

/** What it means is the caller's to say (a registry, a bundle, a peer's log), so this takes no `Problem` name. */
export class NoteError extends Error {
  constructor(
    readonly code: NoteErrorCode,
    /** What exactly, in words of the format; never a value out of the input. */
    readonly detail: string,
    options: { cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'NoteError';
  }
}
