import { requireProof, type LogProof } from './log-proof.js';
import { NoteError } from './note-error.js';
import { fromBase64, fromDecimal, hashFromBase64 } from './plain-text.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** The proof as a `.tlog-proof` file (C2SP tlog-proof). @throws NoteError `malformed`. */
export function formatProof(proof: LogProof): string {
  requireProof(proof);
  const { index, path, note, extra } = proof;
  const lines = [
    HEADER,
    ...(extra === undefined || extra.length === 0 ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${note}`;
}

/** Reads a `.tlog-proof` file; verifies nothing. @throws NoteError `malformed`. */
export function parseProof(text: string): LogProof {
  // The first empty line ends the path: neither the head nor the path has one, the note may.
  const end = text.indexOf('\n\n');
  if (end < 0) throw new NoteError('malformed', 'a proof is head, path, empty line, checkpoint');
  const lines = text.slice(0, end).split('\n');
  if (lines.shift() !== HEADER) throw new NoteError('malformed', 'not a c2sp.org/tlog-proof@v1');
  const extra = lines[0]?.startsWith('extra ')
    ? fromBase64(valueOf(lines.shift(), 'extra'), 'extra')
    : undefined;
  const index = fromDecimal(valueOf(lines.shift(), 'index'), 'index');
  const path = lines.map((line) => hashFromBase64(line, 'path'));
  const proof = { index, path, note: text.slice(end + 2), ...(extra && { extra }) };
  requireProof(proof);
  return proof;
}

function valueOf(line: string | undefined, name: string): string {
  if (!line?.startsWith(`${name} `)) throw new NoteError('malformed', `no ${name} line`);
  return line.slice(name.length + 1);
}
