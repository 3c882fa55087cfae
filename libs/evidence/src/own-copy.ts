import { type RecordedEntry } from './entry.js';

/**
 * Copies in memory of their own: what is cut out of a message, or comes from the shared pool of small buffers, keeps alive
 * what stood beside it.
 */
export function ownCopies(parts: readonly Buffer[]): Buffer[] {
  const own = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return parts.map((part) => {
    const from = at;
    at += part.copy(own, at);
    return own.subarray(from, at);
  });
}

/** An entry that holds on to nothing of the message it came in. */
export function copyEntry(entry: RecordedEntry): RecordedEntry {
  const { index, publicLine, privateLine, leaf, path, checkpoint } = entry;
  const kept = [publicLine, leaf, checkpoint.root, privateLine ?? Buffer.alloc(0), ...path];
  const [line, hash, root, secret, ...hashes] = ownCopies(kept) as [Buffer, Buffer, Buffer, Buffer];
  return {
    index,
    publicLine: line,
    ...(privateLine && { privateLine: secret }),
    leaf: hash,
    path: hashes,
    checkpoint: { ...checkpoint, root },
  };
}

/** What an entry weighs, in bytes. */
export function entryBytes({ publicLine, privateLine, leaf, path, checkpoint }: RecordedEntry): number {
  const lines = publicLine.length + (privateLine?.length ?? 0);
  return lines + leaf.length * (path.length + 2) + checkpoint.note.length;
}
