import { Problem } from '#problem';
import { EMPTY_ROOT, hashChildren, requireHash } from './hash.js';

/** What a batch did to the tree. `paths[i]` is the inclusion path of `leaves[i]` in the tree of `edge.size`. */
export interface Extension {
  edge: Edge;
  root: Buffer;
  paths: Buffer[][];
}

/**
 * The right edge of a tree: the roots of the full subtrees of [0, size), largest first; one for each 1 in `size`.
 * It is all that a writer needs in order to append and to compute roots. Never changed in place: `append` and
 * `extend` give a new one.
 */
export class Edge {
  private constructor(
    /** Number of leaves. */
    readonly size: number,
    /** Full subtrees from left to right, 32 bytes each. */
    readonly hashes: readonly Buffer[],
  ) {}

  static empty(): Edge {
    return new Edge(0, []);
  }

  /**
   * An edge that was stored before.
   *
   * @throws Problem `log-tampered` when size and hashes do not fit each other.
   */
  static from(size: number, hashes: readonly Buffer[]): Edge {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new Problem('log-tampered', { field: 'size', detail: 'a tree size is a whole number' });
    }
    if (onesIn(size) !== hashes.length) {
      throw new Problem('log-tampered', {
        field: 'hashes',
        detail: 'an edge has one hash per 1 in its size',
      });
    }
    hashes.forEach((hash) => requireHash(hash, 'hashes'));
    return new Edge(size, [...hashes]);
  }

  /** Merkle tree hash of the whole tree (RFC 6962 §2.1). */
  root(): Buffer {
    return this.hashes.length === 0
      ? EMPTY_ROOT
      : this.hashes.reduceRight((right, left) => hashChildren(left, right));
  }

  /** The edge after one more leaf hash. @throws Problem `log-tampered` when it is not 32 bytes. */
  append(leaf: Buffer): Edge {
    requireHash(leaf, 'leaf');
    const hashes = [...this.hashes];
    let node = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashChildren(hashes.pop()!, node);
    }
    return new Edge(this.size + 1, [...hashes, node]);
  }

  /**
   * The edge after a batch of leaf hashes, the new root, and each new leaf's path in the *new* tree.
   * Hashes twice the batch and one more per level; builds batch · log(size) path elements, which share their buffers.
   *
   * @throws Problem `log-tampered` when a leaf hash is not 32 bytes.
   */
  extend(leaves: readonly Buffer[]): Extension {
    if (leaves.length === 0) return { edge: this, root: this.root(), paths: [] };
    leaves.forEach((leaf) => requireHash(leaf, 'leaf'));
    const rows = this.rowsAbove(leaves);
    const edge = new Edge(this.size + leaves.length, edgeHashes(rows));
    const root = rows.at(-1)!.nodes[0]!;
    const first = rows[0]!.nodes.length - leaves.length;
    return { edge, root, paths: leaves.map((_, i) => pathUp(rows, first + i)) };
  }

  /**
   * The part of each tree level that the batch touches, from the leaves up to the root. Each row starts at an even
   * index: if the old edge has a subtree at this level, that subtree is its first node. A node without a right
   * sibling goes up unchanged, which gives the ragged right side the shape of RFC 6962.
   */
  private rowsAbove(leaves: readonly Buffer[]): Row[] {
    const left = [...this.hashes];
    const rows: Row[] = [];
    let [oldSize, newSize] = [this.size, this.size + leaves.length];
    let rising: readonly Buffer[] = leaves;
    for (;;) {
      const isOdd = oldSize % 2 === 1;
      const nodes = isOdd ? [left.pop()!, ...rising] : [...rising];
      const start = oldSize - (isOdd ? 1 : 0);
      oldSize = Math.floor(oldSize / 2);
      rows.push({ nodes, full: Math.floor(newSize) - start, shift: oldSize % 2 });
      if (newSize <= 1) return rows;
      newSize /= 2;
      rising = pairUp(nodes);
    }
  }
}

interface Row {
  nodes: Buffer[];
  /** How many of `nodes` are full subtrees; at most one more, the last, is not. */
  full: number;
  /** How far the row above is shifted to the right by the old edge's subtree in it. */
  shift: number;
}

function pairUp(nodes: readonly Buffer[]): Buffer[] {
  const parents: Buffer[] = [];
  for (let i = 0; i < nodes.length; i += 2) {
    const right = nodes[i + 1];
    parents.push(right === undefined ? nodes[i]! : hashChildren(nodes[i]!, right));
  }
  return parents;
}

// Rows start at an even index, so an odd number of full nodes leaves one without a full sibling: part of the edge.
function edgeHashes(rows: readonly Row[]): Buffer[] {
  return rows
    .filter(({ full }) => full % 2 === 1)
    .map(({ nodes, full }) => nodes[full - 1]!)
    .reverse();
}

function pathUp(rows: readonly Row[], position: number): Buffer[] {
  const path: Buffer[] = [];
  for (const { nodes, shift } of rows) {
    const sibling = nodes[position % 2 === 0 ? position + 1 : position - 1];
    if (sibling !== undefined) path.push(sibling);
    position = Math.floor(position / 2) + shift;
  }
  return path;
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
