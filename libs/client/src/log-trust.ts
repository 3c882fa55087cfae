import { type RegistryView } from '#registry';
import { noteVerifier, parseCheckpoint, parseVerifierKey, NoteError, type NoteVerifier } from '#tlog';

/** Whom a verifier believes about which log. */
export interface LogTrust {
  /** Keys that may sign a tree of this size of the log; none for a log nobody vouches for. */
  verifiers(origin: string, size: number): NoteVerifier[];
  /** Agency whose log it is. */
  owner(origin: string): string | undefined;
}

/** Trusts what a signed registry says: a key for the sizes it is registered for. */
export function trustRegistry(registry: Pick<RegistryView, 'logKeys' | 'logOwner'>): LogTrust {
  return {
    verifiers: (origin, size) =>
      registry
        .logKeys(origin)
        .filter(({ fromSize, toSize = Infinity }) => fromSize <= size && size <= toSize)
        .map(({ publicKey }) => noteVerifier(origin, publicKey)),
    owner: (origin) => registry.logOwner(origin),
  };
}

/** Trusts verifier keys by themselves (C2SP signed-note, `name+hash+base64`), for any size. @throws NoteError */
export function trustKeys(texts: readonly string[]): LogTrust {
  const verifiers = texts.map(parseVerifierKey);
  return {
    verifiers: (origin) => verifiers.filter(({ name }) => name === origin),
    owner: (origin) => (verifiers.some(({ name }) => name === origin) ? origin.split('/')[0] : undefined),
  };
}

/** Keys for a checkpoint, by what it says of itself; none when it says nothing readable. */
export function verifiersFor(trust: LogTrust, note: string): NoteVerifier[] {
  try {
    const { origin, size } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    return trust.verifiers(origin, size);
  } catch (error) {
    if (error instanceof NoteError) return []; // whoever opens the note with these keys finds the fault
    throw error;
  }
}
