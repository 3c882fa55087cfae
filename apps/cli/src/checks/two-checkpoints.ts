import { type LogTrust } from '#client';
import { Problem } from '#problem';
import { proveConsistency, verifyConsistency, type Checkpoint } from '#tlog';
import { type LogFiles } from '../files/log-files.js';
import { type Finding } from '../words/findings.js';
import { readCheckpoint } from './signed.js';
import { CheckedTiles } from './tiles.js';

/** How two checkpoints of a log stand to each other. */
export interface Relation {
  /** `grown`: the newer tree begins with the older one; `unknown`: nothing at hand tells. */
  relation: 'same' | 'grown' | 'forked' | 'unknown';
  /** Both are signed by trusted keys, for one log: only then does the relation prove anything. */
  verified: boolean;
  origin?: string;
  sizes?: [number, number];
  findings: Finding[];
}

/**
 * Relates two checkpoints. Different sizes need the tiles of a tree at least as large as the newer one: they count only as
 * far as they lead to the newer checkpoint's signed root.
 */
export async function relate(
  a: string,
  b: string,
  trust: LogTrust,
  tiles: LogFiles | undefined,
): Promise<Relation> {
  const [one, other] = [readCheckpoint(a, trust, 'A'), readCheckpoint(b, trust, 'B')];
  const findings = [...one.findings, ...other.findings];
  if (!one.checkpoint || !other.checkpoint) return { relation: 'unknown', verified: false, findings };
  if (one.checkpoint.origin !== other.checkpoint.origin) {
    return {
      relation: 'unknown',
      verified: false,
      findings: [...findings, { what: 'other-log', path: 'B' }],
    };
  }
  const { relation, findings: found } = await between(one.checkpoint, other.checkpoint, tiles);
  return {
    relation,
    verified: one.verified && other.verified,
    origin: one.checkpoint.origin,
    sizes: [one.checkpoint.size, other.checkpoint.size],
    findings: [...findings, ...found],
  };
}

type Between = Pick<Relation, 'relation' | 'findings'>;

async function between(a: Checkpoint, b: Checkpoint, tiles: LogFiles | undefined): Promise<Between> {
  if (a.size === b.size) return { relation: a.root.equals(b.root) ? 'same' : 'forked', findings: [] };
  const [older, newer] = a.size < b.size ? [a, b] : [b, a];
  if (older.size === 0) return { relation: 'grown', findings: [] }; // every tree begins with the empty one
  if (!tiles) return { relation: 'unknown', findings: [{ what: 'not-proved', detail: 'no tiles given' }] };
  const checked = new CheckedTiles(tiles, newer);
  await checked.checkRoot();
  if (checked.findings.length > 0) return { relation: 'unknown', findings: checked.findings };
  return byTiles(checked, older, newer);
}

async function byTiles(tiles: CheckedTiles, older: Checkpoint, newer: Checkpoint): Promise<Between> {
  const sizes = { oldSize: older.size, newSize: newer.size };
  try {
    const proof = await proveConsistency(tiles.source(), older.size, newer.size);
    if (verifyConsistency({ ...sizes, oldRoot: older.root, newRoot: newer.root, proof })) {
      return { relation: 'grown', findings: [] };
    }
    return await contradiction(tiles, older, newer, proof);
  } catch (error) {
    if (error instanceof Problem) return { relation: 'unknown', findings: tiles.findings };
    throw error;
  }
}

/** The tiles tell the older tree of the newer checkpoint: when they prove *that* one, the signed older root contradicts it. */
async function contradiction(
  tiles: CheckedTiles,
  older: Checkpoint,
  newer: Checkpoint,
  proof: Buffer[],
): Promise<Between> {
  const oldRoot = await tiles.rootAt(older.size);
  const proved = verifyConsistency({
    oldSize: older.size,
    newSize: newer.size,
    oldRoot,
    newRoot: newer.root,
    proof,
  });
  if (proved && !oldRoot.equals(older.root)) return { relation: 'forked', findings: [] };
  return {
    relation: 'unknown',
    findings: [{ what: 'not-proved', detail: 'the tiles are not those of the log' }],
  };
}
