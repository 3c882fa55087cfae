import { type Edge, hashLeaf } from '#tlog';
import { type FullTile, type TileStack } from '../tile-stack.js';
import { type Queued } from './queued.js';
import { sealHead } from './seal.js';

/** A tree as the writer has it in memory. */
export interface LogState {
  edge: Edge;
  stack: TileStack;
}

/** One new entry and the callers who get it: more than one when they repeated each other. */
export interface NewEntry {
  index: number;
  leaf: Buffer;
  path: Buffer[];
  callers: readonly Queued[];
}

/** What one group commit adds, computed before it is written. */
export interface Growth {
  from: number;
  after: LogState;
  root: Buffer;
  seal: Buffer;
  entries: NewEntry[];
  tiles: FullTile[];
}

/** Grows the tree in memory by one entry per group of callers; the state before stays as it is. */
export function grow(
  origin: string,
  sealKey: Buffer,
  { edge, stack }: LogState,
  groups: readonly (readonly Queued[])[],
): Growth {
  const leaves = groups.map(([caller]) => hashLeaf(caller!.lines.publicLine));
  const grown = edge.extend(leaves);
  const { stack: taller, tiles } = stack.extend(leaves);
  return {
    from: edge.size,
    after: { edge: grown.edge, stack: taller },
    root: grown.root,
    seal: sealHead(sealKey, { origin, size: grown.edge.size, root: grown.root }),
    entries: groups.map((callers, i) => ({
      index: edge.size + i,
      leaf: leaves[i]!,
      path: grown.paths[i]!,
      callers,
    })),
    tiles,
  };
}
