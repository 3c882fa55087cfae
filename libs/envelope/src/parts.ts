import { type RecordedEntry } from '#evidence';
import { decodeProof, encodeProof, hashLeaf, NoteError, parseCheckpoint } from '#tlog';
import { Problem } from '#problem';
import { frame, unframe } from './framing.js';
import { changed } from './headers.js';

const BODY_NONCE_SIZE = 16;
const KX_SIZE = 32;

/** What is under the seal: the sender's entry and the body that it commits to. */
export interface Parts {
  /** Its checkpoint is as the sender wrote it: unverified until the receiver has held it against the sender's log keys. */
  entry: RecordedEntry;
  /** 16 bytes; with the body it gives `bodyHash` of the private line. */
  bodyNonce: Buffer;
  /** Key of the subjects' commitments of this exchange, 32 bytes: in a request. */
  kx?: Buffer;
  body: Buffer;
}

/** @throws Problem `internal` for a nonce or kx of another length: a bug of ours */
export function encodeParts({ entry, bodyNonce, kx = Buffer.alloc(0), body }: Parts): Buffer {
  if (bodyNonce.length !== BODY_NONCE_SIZE) throw misuse('bodyNonce');
  if (kx.length !== 0 && kx.length !== KX_SIZE) throw misuse('kx');
  const { index, path, checkpoint, publicLine, privateLine = Buffer.alloc(0) } = entry;
  const proof = encodeProof({ index, path, note: checkpoint.note });
  return frame([publicLine, privateLine, proof, bodyNonce, kx, body]);
}

/** @throws Problem `envelope-changed` (framing), `entry-not-in-log` (a proof that cannot be read) */
export function decodeParts(bytes: Buffer): Parts {
  const [publicLine, privateLine, proof, bodyNonce, kx, body] = unframe(bytes, 6) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  if (bodyNonce.length !== BODY_NONCE_SIZE) throw changed('bodyNonce');
  if (kx.length !== 0 && kx.length !== KX_SIZE) throw changed('kx');
  return {
    entry: {
      publicLine,
      ...(privateLine.length > 0 && { privateLine }),
      leaf: hashLeaf(publicLine),
      ...readProof(proof),
    },
    bodyNonce,
    ...(kx.length > 0 && { kx }),
    body,
  };
}

function readProof(bytes: Buffer): Pick<RecordedEntry, 'index' | 'path' | 'checkpoint'> {
  try {
    const { index, path, note } = decodeProof(bytes);
    const { origin, size, root } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    return { index, path, checkpoint: { origin, size, root, note } };
  } catch (error) {
    if (error instanceof NoteError) throw new Problem('entry-not-in-log', { field: 'proof', cause: error });
    throw error;
  }
}

function misuse(field: string): Problem {
  return new Problem('internal', { field, detail: 'cannot be sealed' });
}
