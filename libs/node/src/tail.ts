import { LONGEST_LINE } from '#evidence';
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

/** Far above what a group commit, or those joined behind it, and the logs of a province come to: bounds the work on a tail. */
const MOST = 4_096;
const LONGEST_ORIGIN = 128;
/** A checkpoint under some fifty signatures, bytes. */
const LONGEST_NOTE = 8_192;

/** A tail as it is sealed. */
interface TailBody {
  origin: string;
  from: number;
  lines: string[];
  note: string;
  seen: { origin: string; note: string }[];
}

/** Tails are JSON inside the seal; public lines are JSON texts already and stay exact as strings. */
export function encodeTail({ origin, from, lines, checkpoint, seen }: TailMessage): Buffer {
  const body: TailBody = {
    origin,
    from,
    lines: lines.map((line) => line.toString('utf8')),
    note: checkpoint.note,
    seen: seen.map(({ origin: peer, note }) => ({ origin: peer, note })),
  };
  return Buffer.from(JSON.stringify(body));
}

/**
 * Reads a tail strictly: right types, bounded sizes and counts; members that are not known are left out. Whoever may write
 * the topic may have made it up. @throws Problem `envelope-changed` when the bytes are no tail
 */
export function decodeTail(bytes: Uint8Array): TailMessage {
  const body = parse(bytes);
  if (!isTail(body)) throw new Problem('envelope-changed', { detail: 'not a tail' });
  const { origin, from, lines, note, seen } = body;
  return {
    origin,
    from,
    lines: lines.map((line) => Buffer.from(line, 'utf8')),
    checkpoint: { note },
    seen: seen.map(({ origin: peer, note: shown }) => ({ origin: peer, note: shown })),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new Problem('envelope-changed', { detail: 'not a tail', cause });
  }
}

function isTail(value: unknown): value is TailBody {
  const { origin, from, lines, note, seen } = membersOf(value);
  return (
    isText(origin, LONGEST_ORIGIN) &&
    Number.isSafeInteger(from) &&
    (from as number) >= 0 &&
    isList(lines, (line) => isText(line, LONGEST_LINE)) &&
    isText(note, LONGEST_NOTE) &&
    isList(seen, isSeen)
  );
}

function isSeen(value: unknown): boolean {
  const { origin, note } = membersOf(value);
  return isText(origin, LONGEST_ORIGIN) && isText(note, LONGEST_NOTE);
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isList(value: unknown, check: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= MOST && value.every(check);
}

/** Text with an UTF-8 of its own, at most so many bytes. */
function isText(value: unknown, longest: number): boolean {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.isWellFormed() &&
    Buffer.byteLength(value) <= longest
  );
}
