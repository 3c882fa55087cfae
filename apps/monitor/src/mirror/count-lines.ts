import { parsePublicLine, type PublicLine } from '#evidence';
import { Problem } from '#problem';
import { addVolumes } from '../counting/add-volumes.js';
import { addPieces, type NewPiece } from '../counting/exchange-states.js';
import { pieceOf, type PlacedLine } from '../counting/piece.js';
import { volumesOf } from '../counting/volumes.js';
import { isCountable } from './countable.js';
import { type Queryable } from './log-row.js';

/** New lines of one log, in order, the first at `from`. */
export interface NewLines {
  origin: string;
  from: number;
  lines: readonly Buffer[];
  leaves: readonly Buffer[];
}

/** What was found in them besides what is counted. */
export interface Counted {
  /** `at` of the last readable line. */
  lastAt?: Date;
  /** Index of the first line that cannot be read as one of this log: mirrored, because it is in the tree, and counted as nothing. */
  unreadable?: number;
  /** Logs that an `epoch` entry of their own agency closed. */
  closed: string[];
}

/** Counts lines that the mirror has just accepted, in the same transaction: once, whatever happens. */
export async function countLines(client: Queryable, added: NewLines, graceMs: number): Promise<Counted> {
  const { placed, unreadable } = readLines(added);
  const lines = placed.map(({ line }) => line);
  await addPieces(client, placed.flatMap(newPiece), graceMs);
  await addVolumes(client, volumesOf(lines));
  const lastAt = lines.at(-1)?.at;
  return {
    ...(lastAt !== undefined && { lastAt: new Date(lastAt) }),
    ...(unreadable !== undefined && { unreadable }),
    closed: lines.filter(isOwnEpoch).map(({ to }) => to),
  };
}

function readLines({ origin, from, lines, leaves }: NewLines): { placed: PlacedLine[]; unreadable?: number } {
  const read = lines.map((bytes, i) => ({
    line: tryParse(bytes, origin),
    index: from + i,
    leaf: leaves[i]!,
  }));
  const unreadable = read.find(({ line }) => line === undefined)?.index;
  return {
    placed: read.filter((one): one is PlacedLine => one.line !== undefined),
    ...(unreadable !== undefined && { unreadable }),
  };
}

function tryParse(bytes: Buffer, origin: string): PublicLine | undefined {
  try {
    const line = parsePublicLine(bytes, 'log-tampered');
    return line.origin === origin && isCountable(line) ? line : undefined;
  } catch (error) {
    if (error instanceof Problem) return undefined; // which is told as an alarm
    throw error;
  }
}

function newPiece(placed: PlacedLine): NewPiece[] {
  const piece = pieceOf(placed);
  return piece ? [{ exchange: placed.line.exchange, piece }] : [];
}

function isOwnEpoch({ kind, origin, to }: PublicLine): boolean {
  return kind === 'epoch' && to !== origin && to.split('/')[0] === origin.split('/')[0];
}
