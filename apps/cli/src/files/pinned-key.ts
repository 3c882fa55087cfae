import { Problem } from '#problem';
import { NoteError, parseVerifierKey, type NoteVerifier } from '#tlog';

/** A verifier key given as an option. @throws Problem `input-unreadable` naming the option */
export function pinnedKey(text: string, option = '--registry-key'): NoteVerifier {
  try {
    return parseVerifierKey(text);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new Problem('input-unreadable', { field: option, detail: error.detail, cause: error });
  }
}
