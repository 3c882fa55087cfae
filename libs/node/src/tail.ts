import { Problem } from '#problem';

/** What one group commit tells the monitor. */
export interface TailMessage {
  origin: string;
  /** Index of the first line. */
  from: number;
  /** Public lines, exact bytes. */
  lines: Buffer[];
  checkpoint: { note: string };
  /** Newest checkpoint that this node saw of each of its peers, as signed notes. */
  seen: { origin: string; note: string }[];
}

/** Tails are JSON inside the seal; public lines are JSON texts already and stay exact as strings. */
export function encodeTail({ origin, from, lines, checkpoint, seen }: TailMessage): Buffer {
  return Buffer.from(
    JSON.stringify({
      origin,
      from,
      lines: lines.map((line) => line.toString('utf8')),
      note: checkpoint.note,
      seen: seen.map(({ origin: peer, note }) => ({ origin: peer, note })),
    }),
  );
}

/** @throws Problem `envelope-changed` when the bytes are no tail */
export function decodeTail(bytes: Uint8Array): TailMessage {
  try {
    const { origin, from, lines, note, seen } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      origin: string;
      from: number;
      lines: string[];
      note: string;
      seen: { origin: string; note: string }[];
    };
    if (typeof origin !== 'string' || typeof note !== 'string' || !Number.isSafeInteger(from) || from < 0)
      throw new Error();
    return {
      origin,
      from,
      lines: lines.map((line) => Buffer.from(line, 'utf8')),
      checkpoint: { note },
      seen: [...seen],
    };
  } catch (error) {
    throw new Problem('envelope-changed', { detail: 'not a tail', cause: error });
  }
}
