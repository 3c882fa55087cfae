import { Problem } from '#problem';
import { type Database } from '#database';
import { Edge, hashLeaf, type NoteVerifier } from '#tlog';
import { type PublicLine } from '../entry.js';
import { parsePublicLine, privHash } from '../line-codec.js';
import { tryOpenCheckpoint } from '../signed-checkpoint.js';
import { type FullTile, TileStack } from '../tile-stack.js';
import { fullTiles } from './database-tiles.js';
import { LogReader } from './log-reader.js';
import { storedLines, type StoredLine } from './stored-lines.js';

/** Something in a log's database that is not as it was signed. */
export interface LogFinding {
  what:
    | 'checkpoint-missing'
    | 'checkpoint-unverified'
    | 'entry-missing'
    | 'entry-changed'
    | 'columns-differ'
    | 'private-line-differs'
    | 'tile-differs'
    | 'root-differs';
  /** Entry, where one is to blame. */
  index?: number;
  /** `level/n` of a tile. */
  tile?: string;
}

/**
 * Recomputes a whole log from its lines and holds leaves, columns, private lines, tiles and the root against what is
 * stored and signed. Reports everything it finds; an empty list means that all is as it was signed. Linear in the log.
 */
export async function checkLog(
  database: Pick<Database, 'pool'>,
  origin: string,
  verifiers: readonly NoteVerifier[],
): Promise<LogFinding[]> {
  const checkpoint = await new LogReader({ database }).checkpoint(origin);
  if (!checkpoint) return [{ what: 'checkpoint-missing' }];
  const findings: LogFinding[] = [];
  const signed = tryOpenCheckpoint(checkpoint.note, verifiers);
  if (!signed) findings.push({ what: 'checkpoint-unverified' });
  const { size, root } = signed ?? checkpoint;
  let [edge, stack] = [Edge.empty(), TileStack.empty()];
  for await (const lines of storedLines(database.pool, origin, 0, size)) {
    findings.push(...missing(lines, edge.size), ...lines.flatMap((line) => checkLine(origin, line)));
    const leaves = lines.map(({ publicLine }) => hashLeaf(publicLine));
    edge = edge.extend(leaves).edge;
    const grown = stack.extend(leaves);
    stack = grown.stack;
    findings.push(...(await checkTiles(database, origin, grown.tiles)));
  }
  if (edge.size !== size || !edge.root().equals(root)) findings.push({ what: 'root-differs' });
  return findings;
}

function missing(lines: readonly StoredLine[], next: number): LogFinding[] {
  const gap = lines.findIndex(({ index }, i) => index !== next + i);
  return gap < 0 ? [] : [{ what: 'entry-missing', index: next + gap }];
}

function checkLine(origin: string, line: StoredLine): LogFinding[] {
  const { index, leaf, publicLine, privateLine } = line;
  if (!hashLeaf(publicLine).equals(leaf)) return [{ what: 'entry-changed', index }];
  try {
    const said = parsePublicLine(publicLine, 'log-tampered');
    const findings: LogFinding[] = [];
    if (!agrees(origin, line, said)) findings.push({ what: 'columns-differ', index });
    if (privateLine && privHash(privateLine) !== said.priv)
      findings.push({ what: 'private-line-differs', index });
    return findings;
  } catch (error) {
    if (error instanceof Problem) return [{ what: 'entry-changed', index }];
    throw error;
  }
}

function agrees(
  origin: string,
  line: StoredLine,
  said: Pick<PublicLine, 'origin' | 'kind' | 'exchange' | 'at' | 'late'>,
): boolean {
  return (
    said.origin === origin &&
    said.kind === line.kind &&
    said.exchange === line.exchange &&
    said.at === line.at.toISOString() &&
    (said.late === true) === line.late
  );
}

async function checkTiles(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  tiles: readonly FullTile[],
): Promise<LogFinding[]> {
  const findings: LogFinding[] = [];
  for (const { level, n, hashes } of tiles) {
    const [stored] = await fullTiles(pool, origin, level, n, 1);
    if (!stored?.equals(hashes)) findings.push({ what: 'tile-differs', tile: `${level}/${n}` });
  }
  return findings;
}
