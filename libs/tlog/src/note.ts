import { NoteError } from './note-error.js';
import { isKeyName, type NoteSigner, type NoteVerifier } from './note-key.js';
import { fromBase64, requirePlainText } from './plain-text.js';

/** As Go's note package: far above the 16 that a verifier must take, low enough to bound the work. */
const MAX_SIGNATURES = 100;
const ID_SIZE = 4;

/** A text that at least one known key signed, and the names of those that did, in the order of the note. */
export interface OpenedNote {
  text: string;
  signers: string[];
}

interface SignatureLine {
  name: string;
  id: number;
  signature: Buffer;
}

/**
 * The text signed as a note (C2SP signed-note). Ed25519 is deterministic: same text and key, same note.
 *
 * @throws NoteError `malformed` when the text is empty, does not end with a newline or has control characters.
 */
export function signNote(text: string, signer: NoteSigner): string {
  requireNoteText(text);
  const id = Buffer.alloc(ID_SIZE);
  id.writeUInt32BE(signer.id);
  const signature = Buffer.concat([id, signer.sign(Buffer.from(text))]);
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`;
}

/**
 * The text, once at least one of the verifiers has signed it. Signatures of unknown keys are ignored, a wrong one of
 * a known key spoils the note.
 *
 * @throws NoteError `malformed`, `unsigned` (no known key), `bad-signature`.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, lines } = splitNote(note);
  const message = Buffer.from(text);
  const known = lines.filter((line) => verifiers.some((verifier) => isBy(line, verifier)));
  if (known.length === 0) throw new NoteError('unsigned', 'no known key signed this note');
  for (const line of known) {
    if (!verifiers.some((verifier) => isBy(line, verifier) && verifier.verify(message, line.signature))) {
      throw new NoteError('bad-signature', 'a known key did not sign this note');
    }
  }
  return { text, signers: [...new Set(known.map(({ name }) => name))] };
}

/** Text and signature lines, unverified. @throws NoteError `malformed`. */
export function splitNote(note: string): { text: string; lines: SignatureLine[] } {
  requirePlainText(note, 'note');
  const end = note.lastIndexOf('\n\n');
  const rest = note.slice(end + 2);
  if (end < 0 || !rest.endsWith('\n'))
    throw new NoteError('malformed', 'a note is text, empty line, signatures');
  const lines = rest.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new NoteError('malformed', 'too many signatures');
  return { text: note.slice(0, end + 1), lines: withoutRepeats(lines.map(parseLine)) };
}

function parseLine(line: string): SignatureLine {
  const [, name, base64] = /^— ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  if (name === undefined || base64 === undefined || !isKeyName(name)) {
    throw new NoteError('malformed', 'a signature line is dash, name, base64');
  }
  const bytes = fromBase64(base64, 'signature');
  if (bytes.length <= ID_SIZE) throw new NoteError('malformed', 'signature: nothing behind the key id');
  return { name, id: bytes.readUInt32BE(0), signature: bytes.subarray(ID_SIZE) };
}

// Only a key's first line counts, as in Go's package: repeats must not cost a verification each.
function withoutRepeats(lines: SignatureLine[]): SignatureLine[] {
  const first = new Map<string, SignatureLine>();
  for (const line of lines) {
    const key = `${line.id} ${line.name}`;
    if (!first.has(key)) first.set(key, line);
  }
  return [...first.values()];
}

function isBy(line: SignatureLine, verifier: NoteVerifier): boolean {
  return line.name === verifier.name && line.id === verifier.id;
}

function requireNoteText(text: string): void {
  requirePlainText(text, 'note text');
  if (!text.endsWith('\n')) throw new NoteError('malformed', 'a note text ends with a newline');
}
